// One colour per country, whatever the run. China is neutral and comes first, so that it lies lowest.
// Seven hues of Okabe and Ito (2008) go to the first seven others that a problem lists as sellers or
// sites: its records keep their order whatever is edited. Each takes its home hue; where a greater
// supplier that is at home there takes it, the first that is free. Everybody else is "Other". Kinds of
// cost and stockpiles have the bright scheme of Tol (2021) and a violet.

export const CHINA = '#6b7280';
export const OTHER = '#c3cad3';
export const HUES = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#d55e00', '#56b4e9', '#f0e442'];
export const KINDS = ['#4477aa', '#ee6677', '#ccbb44', '#228833', '#66ccee', '#aa3377', '#8888ff', '#999999'];

// The countries at home at each hue, the one that keeps it wherever it is listed first.
const HOMES = [
  'AUS DEU MAR NGA TUR GIN ESP', 'USA CHL PRT ZWE', 'MYS KOR IDN MEX TZA RWA', 'JPN FRA ZAF PER MOZ', 'CAN IND ARG BOL POL',
  'RUS VNM NOR BEL FIN', 'BRA KAZ COD EST GBR',
].map(codes => codes.split(' '));
const HOME = Object.fromEntries(HOMES.flatMap((codes, hue) => codes.map(code => [code, hue])));
const rank = country => (HOMES[HOME[country]] ?? []).indexOf(country);
const UNNAMED = 'XOT'; // sources that do not say which countries they add up

export function palette(problem) {
  const listed = [...new Set(['offers', 'facilities'].flatMap(table => (problem[table] ?? []).map(record => record.country)))];
  const hued = listed.filter(country => country !== 'CHN' && country !== UNNAMED).slice(0, HUES.length);
  const free = new Set(HUES.keys());
  const hue = listed.includes('CHN') ? { CHN: CHINA } : {};
  for (const country of [...hued].sort((a, b) => rank(a) - rank(b))) if (free.delete(HOME[country])) hue[country] = HUES[HOME[country]];
  for (const country of hued.filter(item => !(item in hue))) {
    const [first] = free;
    free.delete(first);
    hue[country] = HUES[first];
  }
  const order = Object.keys(hue).filter(c => c === 'CHN').concat(hued);
  return { order, hue, of: country => hue[country] ?? OTHER };
}
