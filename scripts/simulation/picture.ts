import type { Played } from "./played.ts";
import { drawPlot, PLOT } from "./plot.ts";

const COLUMN = PLOT.left + PLOT.width + 24;
const ROW = PLOT.top + PLOT.height + PLOT.bottom + 34;
const WIDTH = 2 * COLUMN;

/** Colours for light and dark backgrounds, which also differ in lightness. */
const STYLE = `
text { font: 10px system-ui, sans-serif; fill: #57606a }
.name { font: 600 13px system-ui, sans-serif; fill: #1f2328 }
.title { font: 600 11px system-ui, sans-serif }
.end { text-anchor: end } .middle { text-anchor: middle }
.grid { stroke: #8c959f; stroke-opacity: .35; fill: none }
.shade { fill: #8c959f; fill-opacity: .15 }
.line { fill: none; stroke-width: 1.5; stroke-linejoin: round }
.c0 { stroke: #0969da } .c1 { stroke: #bc4c00 } .c2 { stroke: #1a7f37 } .c3 { stroke: #8250df }
.key { stroke: none } .c0.key { fill: #0969da } .c1.key { fill: #bc4c00 } .c2.key { fill: #1a7f37 } .c3.key { fill: #8250df }
@media (prefers-color-scheme: dark) {
text { fill: #9198a1 } .name { fill: #f0f6fc }
.c0 { stroke: #4493f8 } .c1 { stroke: #f0883e } .c2 { stroke: #3fb950 } .c3 { stroke: #ab7df8 }
.c0.key { fill: #4493f8 } .c1.key { fill: #f0883e } .c2.key { fill: #3fb950 } .c3.key { fill: #ab7df8 }
}`;

/**
 * Draws the plots of all scenarios, one scenario per row.
 *
 * @param label Text that stands for the picture.
 */
export function asSvg(played: readonly Played[], label: string): string {
	const height = played.length * ROW + 8;
	const rows = played.map(({ scenario, result: { panel } }, row) => {
		const plots = panel.plots.map((plot, column) => `<g transform="translate(${column * COLUMN} 24)">\n${drawPlot(plot)}\n</g>`);
		return `<g transform="translate(0 ${row * ROW + 8})">\n<text class="name" x="8" y="12">${scenario.name}: ${scenario.title.replaceAll("`", "")}</text>\n${plots.join("\n")}\n</g>`;
	});
	const size = `width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}"`;
	return `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-label="${label}">
<style>${STYLE}
</style>
${rows.join("\n")}
</svg>
`;
}
