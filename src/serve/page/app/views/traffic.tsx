import { useState } from "preact/hooks";
import type { Traffic, TrafficSeries } from "../../../admin/api.ts";
import { useResource } from "../connection/hooks.ts";
import { type SeriesSummary, summarize } from "../logic/columns.ts";
import { formatBound, formatCost, formatCount, formatPercent, formatShort, UNKNOWN } from "../logic/format.ts";
import { heatMap } from "../logic/heat.ts";
import { guestName, inWords } from "../logic/words.ts";
import { Choice } from "../parts/choice.tsx";
import { HeatMapView } from "../parts/heat-map.tsx";
import { Scroll } from "../parts/scroll.tsx";
import { SparkLine } from "../parts/spark-line.tsx";
import { Empty, Loaded } from "../parts/states.tsx";

const GROUPINGS = [
	{ value: "operation", label: "Operation" },
	{ value: "guest", label: "Guest" },
	{ value: "backend", label: "Backend" },
] as const;
type Grouping = (typeof GROUPINGS)[number]["value"];

const SPANS = [
	{ value: "1s", label: "5 minutes", words: "the last 5 minutes", pollMs: 2_000 },
	{ value: "1m", label: "6 hours", words: "the last 6 hours", pollMs: 15_000 },
] as const;

/** Columns of the spark lines and of the heat map. */
const COLUMNS = 60;

export function TrafficView() {
	const [by, setBy] = useState<Grouping>("operation");
	const [spanValue, setSpan] = useState<"1s" | "1m">("1s");
	const [selected, setSelected] = useState("");
	const span = SPANS.find(({ value }) => value === spanValue) ?? SPANS[0];
	const total = useResource<Traffic>(`traffic?by=total&resolution=${span.value}`, span.pollMs);
	const grouped = useResource<Traffic>(`traffic?by=${by}&resolution=${span.value}`, span.pollMs);
	return (
		<>
			<h1>Traffic</h1>
			<div class="controls">
				<Choice
					name="by"
					legend="By"
					options={GROUPINGS}
					value={by}
					onChoose={(value) => {
						setBy(value);
						setSelected("");
					}}
				/>
				<Choice name="span" legend="Last" options={SPANS} value={spanValue} onChoose={setSpan} />
			</div>
			<Loaded resource={grouped}>
				{(traffic) => (
					<>
						<section aria-labelledby="series-title">
							<h2 id="series-title" class="hidden">
								Requests by {by}
							</h2>
							{traffic.series.length === 0 ? (
								<Empty title={`No request has ended in ${span.words}.`} />
							) : (
								<SeriesTable traffic={traffic} by={by} span={span.words} />
							)}
						</section>
						<section aria-labelledby="heat-title">
							<h2 id="heat-title">Time to the first output</h2>
							<label class="inline">
								Of{" "}
								<select value={selected} onChange={({ currentTarget }) => setSelected(currentTarget.value)}>
									<option value="">all requests</option>
									{traffic.series
										.filter(({ is_rest }) => !is_rest)
										.map(({ name }) => (
											<option key={name} value={`=${name}`}>
												{nameOf(name, by)}
											</option>
										))}
								</select>
							</label>
							<Heat
								traffic={selected === "" ? total.data : traffic}
								series={
									selected === "" ? total.data?.series[0] : traffic.series.find(({ name, is_rest }) => !is_rest && `=${name}` === selected)
								}
								label={selected === "" ? "all requests" : nameOf(selected.slice(1), by)}
							/>
						</section>
					</>
				)}
			</Loaded>
		</>
	);
}

function nameOf(name: string, by: Grouping): string {
	return by === "guest" ? guestName(name) : by === "operation" ? inWords(name) : name;
}

function SeriesTable({ traffic, by, span }: { readonly traffic: Traffic; readonly by: Grouping; readonly span: string }) {
	const rows = traffic.series.map((series) => summarize(series, traffic, COLUMNS));
	return (
		<Scroll label={`Table of requests by ${by}`}>
			<table class="series">
				<caption>
					{by === "backend" ? "Attempts" : "Requests"} by {by} in {span}, the busiest first
				</caption>
				<thead>
					<tr>
						<th scope="col">{by.charAt(0).toUpperCase() + by.slice(1)}</th>
						<th scope="col">Over time</th>
						<th scope="col" class="number">
							{by === "backend" ? "Attempts" : "Requests"}
						</th>
						<th scope="col" class="number">
							Failed
						</th>
						<th scope="col" class="number">
							Median
						</th>
						<th scope="col" class="number">
							99 %
						</th>
						<th scope="col" class="number">
							Tokens in
						</th>
						<th scope="col" class="number">
							Tokens out
						</th>
						<th scope="col" class="number">
							Cost
						</th>
					</tr>
				</thead>
				<tbody>
					{rows.map((row) => (
						<SeriesRow key={`${row.isRest} ${row.name}`} row={row} name={row.isRest ? "all others" : nameOf(row.name, by)} span={span} />
					))}
				</tbody>
			</table>
		</Scroll>
	);
}

function SeriesRow({ row, name, span }: { readonly row: SeriesSummary; readonly name: string; readonly span: string }) {
	return (
		<tr>
			<th scope="row" class={row.isRest ? "muted name" : "name"}>
				{name}
			</th>
			<td class="spark-cell">
				<SparkLine requests={row.requestColumns} errors={row.errorColumns} label={name} span={span} />
			</td>
			<td class="number">{formatCount(row.requests)}</td>
			<td class={row.errors > 0 ? "number bad" : "number"}>
				{formatCount(row.errors)}
				{row.requests > 0 && row.errors > 0 && <span class="muted"> · {formatPercent(row.errors / row.requests)}</span>}
			</td>
			<td class="number">{boundText(row.p50Ms)}</td>
			<td class="number">{boundText(row.p99Ms)}</td>
			<td class="number">{formatShort(row.inputTokens)}</td>
			<td class="number">{formatShort(row.outputTokens)}</td>
			<td class="number">{formatCost(row.cost)}</td>
		</tr>
	);
}

/** A quantile of a histogram is known up to the bound of its bucket. */
function boundText(ms: number | undefined): string {
	return ms === undefined ? UNKNOWN : `≤ ${formatBound(ms)}`;
}

interface HeatProps {
	readonly traffic: Traffic | undefined;
	readonly series: TrafficSeries | undefined;
	readonly label: string;
}

function Heat({ traffic, series, label }: HeatProps) {
	if (traffic === undefined || series === undefined) return <Empty title="No latency was measured." />;
	const size = Math.max(1, Math.ceil(traffic.columns / COLUMNS));
	const map = heatMap(series.latency, traffic.latency_bounds_ms, size);
	if (map.samples === 0) return <Empty title="No latency was measured." />;
	const missing = map.columns * size - traffic.columns;
	return (
		<HeatMapView
			map={map}
			label={label}
			startMs={traffic.start_at_ms - missing * traffic.resolution_ms}
			columnMs={size * traffic.resolution_ms}
		/>
	);
}
