import type { Line, Plot } from "./panel.ts";

/** Size and margins of a plot's area, in pixels. The labels of the axes are in the margins. */
export const PLOT = { width: 350, height: 110, left: 52, top: 52, bottom: 34 } as const;

/** Draws a plot as SVG, with its top left corner at 0,0. */
export function drawPlot(plot: Plot): string {
	const { width, height, left, top } = PLOT;
	const points = plot.lines.flatMap((line) => line.points.filter(isNumber));
	const xs = extent(points.map(([x]) => x));
	const highest = plot.top ?? Math.max(0, ...points.map(([, y]) => y));
	const ys = { from: 0, to: niceTop(highest) };
	const x = (value: number): number => round(left + ((value - xs.from) / (xs.to - xs.from || 1)) * width);
	const y = (value: number): number => round(top + height - (Math.min(value, ys.to) / (ys.to || 1)) * height);
	return [
		text(left, 12, "title", `${plot.title}, ${plot.y}`),
		...(plot.shaded ?? []).map(([from, to]) => {
			const [start, end] = [x(Math.max(from, xs.from)), x(Math.min(to, xs.to))];
			return `<rect class="shade" x="${start}" y="${top}" width="${round(end - start)}" height="${height}"/>`;
		}),
		...[0, 0.5, 1].map((part) => grid(left, y(ys.to * part), number(ys.to * part))),
		...ticks(xs).map((value) => text(x(value), top + height + 13, "tick middle", number(value))),
		text(left + width, top + height + 27, "tick end", plot.x),
		...plot.lines.map((line, index) => `<path class="line c${index}" d="${path(line, x, y)}"/>`),
		...legend(plot.lines),
	].join("\n");
}

function legend(lines: readonly Line[]): string[] {
	let at: number = PLOT.left;
	let row = 0;
	return lines.map(({ name }, index) => {
		const plain = name.replaceAll("`", "");
		const width = round(20 + plain.length * 6);
		if (at > PLOT.left && at + width > PLOT.left + PLOT.width + 20) {
			at = PLOT.left;
			row += 1;
		}
		const entry = `<rect class="c${index} key" x="${at}" y="${20 + 13 * row}" width="8" height="3"/>${text(at + 11, 25 + 13 * row, "tick", plain)}`;
		at += width;
		return entry;
	});
}

/** A path with a gap for each point without a value. */
function path({ points }: Line, x: (value: number) => number, y: (value: number) => number): string {
	let pen = "M";
	return points
		.map((point) => {
			if (!isNumber(point)) {
				pen = "M";
				return "";
			}
			const step = `${pen}${x(point[0])} ${y(point[1])}`;
			pen = "L";
			return step;
		})
		.join("");
}

function grid(left: number, y: number, label: string): string {
	return `<path class="grid" d="M${left} ${y}h${PLOT.width}"/>${text(left - 6, y + 3, "tick end", label)}`;
}

function text(x: number, y: number, style: string, content: string): string {
	return `<text class="${style}" x="${x}" y="${y}">${escaped(content.replaceAll("`", ""))}</text>`;
}

function isNumber([x, y]: readonly [number, number]): boolean {
	return Number.isFinite(x) && Number.isFinite(y);
}

function extent(values: readonly number[]): { from: number; to: number } {
	return { from: Math.min(...values), to: Math.max(...values) };
}

/** The first round number at or above a value. */
function niceTop(value: number, steps: readonly number[] = [1, 1.2, 1.6, 2, 3, 4, 5, 6, 8, 10]): number {
	if (value <= 0) return 1;
	const power = 10 ** Math.floor(Math.log10(value));
	return (steps.find((step) => step * power >= value - 1e-9) ?? 10) * power;
}

function ticks({ from, to }: { from: number; to: number }): number[] {
	const step = niceTop((to - from) / 5, [1, 2, 5, 10]);
	const first = Math.ceil(from / step);
	return Array.from({ length: Math.floor(to / step) - first + 1 }, (_, index) => (first + index) * step);
}

function number(value: number): string {
	return String(Number(value.toPrecision(3)));
}

function round(value: number): number {
	return Math.round(value * 10) / 10;
}

function escaped(content: string): string {
	return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
