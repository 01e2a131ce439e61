// What all pictures share. A picture is a title (the question it answers), a subtitle, whether there is
// anything to draw, and a pure function `option(view, look)`: what is seen of a result (`view.js`) and
// the page's colours in, an ECharts option out. No module here touches the document or the network, and
// no two declare the same name, so that one script can hold them all.

// Tooltips are drawn as text: no name is ever read as HTML.
export const tooltip = more => ({ renderMode: 'richText', confine: true, ...more });

export const frame = look => ({
  animation: false, aria: { enabled: true }, textStyle: { color: look.ink, fontFamily: 'Inter, system-ui, sans-serif' },
  grid: { left: 12, right: 24, top: 64, bottom: 12, containLabel: true },
  legend: { top: 0, left: 0, textStyle: { color: look.ink } },
});

export const amounts = (look, name, more = {}) => ({
  type: 'value', name, nameTextStyle: { color: look.muted, align: 'left' }, axisLabel: { color: look.muted, hideOverlap: true },
  splitLine: { lineStyle: { color: look.line } }, ...more,
});

export const names = (look, data) => ({ type: 'category', data, axisLabel: { color: look.muted, hideOverlap: true } });

export const stacked = (look, name, color, data) => ({
  name, data, type: 'bar', stack: 'all', itemStyle: { color, borderColor: look.paper, borderWidth: 1 }, barCategoryGap: '12%',
});

export const millions = look => ({ color: look.muted, hideOverlap: true, formatter: usd => String(usd / 1e6) });
