// One colour per country in every picture of every run. China is neutral and comes first, so that it
// lies lowest. The others have a home among seven hues of Okabe and Ito (2008), shared out so that
// countries that supply much of the same goods are apart. Of those that are at home at one hue the
// greatest supplier of an answer has it and the rest are "Other": never two with one hue, nor one
// country with two. Countries without a home, of problems of one's own, take hues that are left. Kinds
// of cost and stockpiles have the bright scheme of Tol (2021) and a violet.

export const CHINA = '#6b7280';
export const OTHER = '#c3cad3';
export const HUES = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#d55e00', '#56b4e9', '#f0e442'];
export const KINDS = ['#4477aa', '#ee6677', '#ccbb44', '#228833', '#66ccee', '#aa3377', '#8888ff', '#999999'];

// The countries at home at each hue.
const HOMES = [
  'AUS BOL ITA MNG IDN TZA LVA ARE PHL SRB',
  'USA MOZ SWE SLV CHE',
  'ZAF PER JPN IND NLD COD RWA EST MLI MMR JAM ETH',
  'KAZ BEL MYS FIN AUT CHL MDG HKG GIN UZB GUY BHR',
  'CAN VNM MAR SAU THA FRA LAO TWN GHA ALB',
  'DEU BRA CZE ZWE ESP ISR POL TJK AFG NAM ISL',
  'MEX RUS KOR NOR ARG GBR TUR NGA PRT DOM',
].map(codes => codes.split(' '));
const HOME = Object.fromEntries(HOMES.flatMap((codes, hue) => codes.map(code => [code, hue])));
const UNNAMED = 'XOT'; // sources that do not say which countries they add up
const NOTHING = 1e-6;  // of a supply

// The parts of all goods that a country supplies, added up, in millionths; rows are those of tables of shares.
function supplied(rows) {
  const tonnes = row => (row.bought_t || 0) + (row.made_t || 0);
  const whole = {};
  const found = {};
  for (const row of rows) whole[row.commodity] = (whole[row.commodity] ?? 0) + tonnes(row);
  for (const row of rows) if (tonnes(row) > 0) found[row.country] = (found[row.country] ?? 0) + tonnes(row) / whole[row.commodity];
  return country => (found[country] > NOTHING ? Math.round(found[country] / NOTHING) : 0);
}

// The colours of one answer, or of several that stand side by side: of their problems and tables of shares.
export function palette(...results) {
  const listed = [...new Set(results.flatMap(({ problem }) => ['offers', 'facilities'].flatMap(table => (problem[table] ?? []).map(record => record.country))))];
  const amount = supplied(results.flatMap(({ tables }) => tables?.shares ?? []));
  const ranked = listed.filter(country => country !== 'CHN' && country !== UNNAMED).sort((a, b) => amount(b) - amount(a));
  const free = new Set(HUES.keys());
  const hue = listed.includes('CHN') ? { CHN: CHINA } : {};
  const give = (country, at) => { free.delete(at); hue[country] = HUES[at]; };
  for (const group of [ranked.filter(amount), ranked.filter(country => !amount(country))]) {
    for (const country of group) if (free.has(HOME[country])) give(country, HOME[country]);
    for (const country of group) if (!(country in HOME) && free.size) give(country, [...free][0]);
  }
  return { order: listed.filter(country => country === 'CHN').concat(listed.filter(country => country !== 'CHN' && country in hue)), hue, of: country => hue[country] ?? OTHER };
}
