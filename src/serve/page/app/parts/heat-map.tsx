import { formatBound, formatClock, formatCount } from "../logic/format.ts";
import type { HeatMap } from "../logic/heat.ts";
import { HEAT_LEVELS } from "../logic/heat.ts";
import { Scroll } from "./scroll.tsx";

export interface HeatMapProps {
	readonly map: HeatMap;
	/** Subject of the map. */
	readonly label: string;
	/** Start of the first column, in milliseconds since 1970, and length of a column. */
	readonly startMs: number;
	readonly columnMs: number;
}

const CELL = 10;

/** Latencies over time as a grid, with a legend, and the same as a table. */
export function HeatMapView({ map, label, startMs, columnMs }: HeatMapProps) {
	const { columns, rowBounds, cells } = map;
	const rows = rowBounds.length;
	const clock = (column: number): string => formatClock(startMs + column * columnMs);
	const text = `Heat map of ${label}: ${formatCount(map.samples)} first outputs between ${clock(0)} and ${clock(columns)}. The table below has the same as numbers.`;
	return (
		<figure class="heat">
			<div class="heat-grid">
				<ol class="heat-rows" aria-hidden="true">
					{rowBounds.map((bound) => (
						<li key={bound}>{Number.isFinite(bound) ? `≤ ${formatBound(bound)}` : "longer"}</li>
					))}
				</ol>
				<svg viewBox={`0 0 ${columns * CELL} ${rows * CELL}`} preserveAspectRatio="none" role="img" aria-label={text}>
					<rect class="heat-ground" width={columns * CELL} height={rows * CELL} />
					{cells.map(({ column, row, count, level }) => (
						<rect
							key={`${column} ${row}`}
							class={`heat-${level}`}
							x={column * CELL + 0.5}
							y={(rows - 1 - row) * CELL + 0.5}
							width={CELL - 1}
							height={CELL - 1}
						>
							<title>{`${clock(column)}: ${count} within ${formatBound(rowBounds[row] ?? 0)}`}</title>
						</rect>
					))}
				</svg>
				<div class="heat-axis" aria-hidden="true">
					<span>{clock(0)}</span>
					<span>{clock(Math.floor(columns / 2))}</span>
					<span>{clock(columns)}</span>
				</div>
			</div>
			<figcaption>
				<span class="legend" aria-hidden="true">
					1
					{Array.from({ length: HEAT_LEVELS }, (_, at) => (
						<span key={at + 1} class={`swatch swatch-${at + 1}`} />
					))}
					{formatCount(Math.max(1, map.most))} requests in a cell
				</span>
				<details>
					<summary>Heat map as a table</summary>
					<Scroll label={`Table of ${label}`}>
						<table>
							<caption>Time to the first output by time: {label}</caption>
							<thead>
								<tr>
									<th scope="col">From</th>
									<th scope="col" class="number">
										Samples
									</th>
									<th scope="col" class="number">
										Median
									</th>
									<th scope="col" class="number">
										90 %
									</th>
									<th scope="col" class="number">
										99 %
									</th>
								</tr>
							</thead>
							<tbody>
								{map.summaries.toReversed().map(({ column, samples, p50Ms, p90Ms, p99Ms }) => (
									<tr key={column}>
										<th scope="row">{clock(column)}</th>
										<td class="number">{formatCount(samples)}</td>
										<td class="number">≤ {formatBound(p50Ms)}</td>
										<td class="number">≤ {formatBound(p90Ms)}</td>
										<td class="number">≤ {formatBound(p99Ms)}</td>
									</tr>
								))}
							</tbody>
						</table>
					</Scroll>
				</details>
			</figcaption>
		</figure>
	);
}
