export { init, use, registerMap, getInstanceByDom } from 'echarts/core';
import { use } from 'echarts/core';
import { LineChart, BarChart, SankeyChart, LinesChart, ScatterChart, CustomChart, HeatmapChart, ParallelChart, MapChart } from 'echarts/charts';
import { GridComponent, TooltipComponent, AriaComponent, GeoComponent, VisualMapComponent, MarkLineComponent, MarkAreaComponent, MarkPointComponent, ParallelComponent, LegendComponent } from 'echarts/components';
import { LabelLayout } from 'echarts/features';
import { SVGRenderer } from 'echarts/renderers';
use([LineChart, BarChart, SankeyChart, LinesChart, ScatterChart, CustomChart, HeatmapChart, ParallelChart, MapChart, GridComponent, TooltipComponent, AriaComponent, GeoComponent, VisualMapComponent, MarkLineComponent, MarkAreaComponent, MarkPointComponent, ParallelComponent, LegendComponent, LabelLayout, SVGRenderer]);
