// One colour per country within a problem, whatever the run: by the capacity that the problem lists.
// China is neutral; seven hues of Okabe and Ito (2008); everybody else is "Other".

export const CHINA = '#6b7280';
export const OTHER = '#c3cad3';
export const HUES = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#d55e00', '#56b4e9', '#f0e442'];
export const KINDS = ['#4477aa', '#ee6677', '#ccbb44', '#228833', '#66ccee', '#aa3377', '#999999'];

export function palette(problem, countries) {
  const size = {};
  for (const country of countries) size[country] = 0;
  for (const table of ['offers', 'facilities']) {
    for (const record of problem[table] || []) {
      const amount = typeof record.capacity === 'number' ? record.capacity : 1;
      if (record.country in size) size[record.country] += amount;
    }
  }
  const ranked = Object.keys(size).filter(c => c !== 'CHN').sort((a, b) => size[b] - size[a] || a.localeCompare(b));
  const hued = ranked.slice(0, HUES.length);
  const colour = Object.fromEntries(hued.map((country, i) => [country, HUES[i]]));
  colour.CHN = CHINA;
  return { order: [...('CHN' in size ? ['CHN'] : []), ...hued], others: ranked.slice(HUES.length), of: country => colour[country] || OTHER };
}
