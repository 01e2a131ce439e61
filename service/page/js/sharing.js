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
    return { ...option, yAxis: { ...option.yAxis, min, max } };
  },
});
