import { useRef, useState } from "preact/hooks";
import type { Backend, BackendList, DecisionList, Status, Traffic } from "../../../admin/api.ts";
import { useEvents, useNow, useResource } from "../connection/hooks.ts";
import { recentRate, sum, summarize } from "../logic/columns.ts";
import { type FeedItem, failureItem, itemOf, mergeFeed } from "../logic/feed.ts";
import { formatBytes, formatCost, formatCount, formatMs, formatPercent, formatRate, formatShort } from "../logic/format.ts";
import { shownBackends } from "../logic/shown-backends.ts";
import { BackendCard } from "../parts/backend-card.tsx";
import { Feed } from "../parts/feed.tsx";
import { SparkLine } from "../parts/spark-line.tsx";
import { Empty, Loaded } from "../parts/states.tsx";

const POLL_MS = 2_000;
/** Items of the list of latest failures and changes. */
const FEED_LIMIT = 12;
const SPARK_COLUMNS = 120;
/** Backends that are shown at first. */
const CARD_LIMIT = 60;

export function Overview() {
	const status = useResource<Status>("status", POLL_MS);
	const total = useResource<Traffic>("traffic?by=total&resolution=1s&columns=120", POLL_MS);
	const backends = useResource<BackendList>("backends", POLL_MS);
	const traffic = useResource<Traffic>(`traffic?by=backend&resolution=1s&columns=${SPARK_COLUMNS}`, POLL_MS);
	useEvents((event) => {
		if (event.type === "decision") return;
		backends.reload();
		status.reload();
	});
	const now = useNow();
	return (
		<>
			<h1>Overview</h1>
			<section aria-labelledby="totals-title">
				<h2 id="totals-title" class="hidden">
					Totals
				</h2>
				<Loaded resource={status}>{(data) => <Totals status={data} total={total.data} />}</Loaded>
			</section>
			<div class="columns">
				<section aria-labelledby="backends-title">
					<h2 id="backends-title">Backends</h2>
					<Loaded resource={backends}>
						{({ backends: list }) =>
							list.length === 0 ? <Empty title="No backends are configured." /> : <Cards backends={list} traffic={traffic.data} now={now} />
						}
					</Loaded>
				</section>
				<LatestChanges now={now} />
			</div>
		</>
	);
}

interface CardsProps {
	readonly backends: readonly Backend[];
	readonly traffic: Traffic | undefined;
	readonly now: number;
}

function Cards({ backends, traffic, now }: CardsProps) {
	const [limit, setLimit] = useState(CARD_LIMIT);
	const series = new Map(traffic?.series.map((each) => [each.name, each]));
	const shown = shownBackends(backends, limit);
	return (
		<>
			<ul class="cards">
				{shown.map((backend) => {
					const found = series.get(backend.name);
					const summary = found === undefined || traffic === undefined ? undefined : summarize(found, traffic, SPARK_COLUMNS / 2);
					return (
						<li key={backend.name}>
							<BackendCard backend={backend} now={now} traffic={summary} />
						</li>
					);
				})}
			</ul>
			{shown.length < backends.length && (
				<p class="pager">
					<span class="muted">
						{formatCount(backends.length - shown.length)} further backends are as healthy as the last ones, or healthier.
					</span>
					<button type="button" onClick={() => setLimit(limit + CARD_LIMIT)}>
						Show more
					</button>
				</p>
			)}
		</>
	);
}

function Totals({ status, total }: { readonly status: Status; readonly total: Traffic | undefined }) {
	const series = total?.series[0];
	const requests = series?.requests ?? [];
	const errors = series?.errors ?? [];
	const lastMinute = sum(requests.slice(-60));
	const { totals, requests: current, backends, memory } = status;
	return (
		<>
			<dl class="tiles">
				<Tile name="Requests / s" value={formatRate(recentRate(requests, 1_000, 10))} note="last 10 s" />
				<Tile
					name="Failed"
					value={formatPercent(lastMinute === 0 ? undefined : sum(errors.slice(-60)) / lastMinute)}
					note={`${formatCount(sum(errors.slice(-60)))} in the last minute`}
				/>
				<Tile name="In flight" value={formatCount(current.in_flight)} note={`${formatCount(current.pending)} waiting`} />
				<Tile
					name="Backends"
					value={`${backends.healthy} / ${backends.total}`}
					note={["healthy", ...countOf(backends.unavailable, "unavailable"), ...countOf(backends.degraded, "degraded")].join(" · ")}
				/>
				<Tile name="Cost" value={formatCost(totals.cost)} note={`${formatShort(totals.input_tokens + totals.output_tokens)} tokens`} />
				<Tile name="Memory" value={formatBytes(memory.rss_bytes)} note={`guests hold ${formatBytes(memory.guests_used_bytes)}`} />
				<Tile name="Up" value={formatMs(status.uptime_ms)} note={`version ${status.version}`} />
			</dl>
			<SparkLine requests={requests} errors={errors} label="All requests" span="the last two minutes" large />
		</>
	);
}

/** Returns a count with its word. Nothing for 0. */
function countOf(count: number, word: string): string[] {
	return count === 0 ? [] : [`${formatCount(count)} ${word}`];
}

function Tile({ name, value, note }: { readonly name: string; readonly value: string; readonly note: string }) {
	return (
		<div class="tile">
			<dt>{name}</dt>
			<dd>
				<span class="tile-value">{value}</span> <span class="muted">{note}</span>
			</dd>
		</div>
	);
}

/** The latest failures and changes: those of before the page was opened, and then as they happen. */
function LatestChanges({ now }: { readonly now: number }) {
	const before = useResource<DecisionList>(`decisions?status=failed&limit=${FEED_LIMIT}`);
	const [items, setItems] = useState<readonly FeedItem[]>([]);
	const waiting = useRef<FeedItem[]>([]);
	useEvents((event) => {
		const item = itemOf(event);
		if (item === undefined) return;
		// One change of the list for all events of a moment, however many there are.
		if (waiting.current.push(item) > 1) return;
		setTimeout(() => {
			const newer = waiting.current.splice(0);
			setItems((list) => mergeFeed(list, newer, FEED_LIMIT));
		}, 200);
	});
	const older = (before.data?.decisions ?? []).flatMap((decision) => failureItem(decision) ?? []);
	return (
		<section aria-labelledby="feed-title" class="latest">
			<h2 id="feed-title">Latest failures and changes</h2>
			<Feed items={mergeFeed(older, items, FEED_LIMIT)} now={now} />
		</section>
	);
}
