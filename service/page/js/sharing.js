// Two drawings of one picture on the same axis, so that they can be compared by eye.

// Least and greatest value that a drawing reaches, stacks added up.
export function reach(option) {
  let [low, high] = [0, 0];
  const sums = new Map();
  for (const one of option.series) {
    one.data.forEach((item, place) => {
      const value = typeof item === 'object' && item !== null ? item.value : item;
      if (value == null) return;
      const key = `${one.stack} ${place} ${value < 0}`;
      const sum = one.stack ? (sums.get(key) ?? 0) + value : value;
      if (one.stack) sums.set(key, sum);
      [low, high] = [Math.min(low, sum), Math.max(high, sum)];
    });
  }
  return [low, high];
}

// Into how many round steps an axis is divided that ends at these digits.
const DIVIDED = { 1: 5, 1.2: 4, 1.5: 3, 2: 4, 2.5: 5, 3: 3, 4: 4, 5: 5, 6: 3, 8: 4 };
const leading = value => Number((value / 10 ** Math.floor(Math.log10(value) + 1e-9)).toPrecision(2));

// The next round number away from zero, so that the axis ends at a line of the grid.
export function rounded(value) {
  if (value === 0) return 0;
  const step = 10 ** Math.floor(Math.log10(Math.abs(value)));
  const most = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find(times => times * step >= Math.abs(value) * (1 - 1e-9));
  return Math.sign(value) * most * step;
}

// A picture whose vertical axis holds all of `views`, whichever of them is drawn.
export const sharing = (picture, views) => ({
  ...picture,
  option(view, look) {
    const reaches = views.map(one => reach(picture.option(one, look)));
    const option = picture.option(view, look);
    const [min, max] = [rounded(Math.min(...reaches.map(([low]) => low))), rounded(Math.max(...reaches.map(([, high]) => high)))];
    // steps that divide the axis end at its greatest value, not just short of it
    const interval = min === 0 && max > 0 ? max / DIVIDED[leading(max)] : undefined;
    return { ...option, yAxis: { ...option.yAxis, min, max, ...(interval ? { interval } : {}) } };
  },
});
