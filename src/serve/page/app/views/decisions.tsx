import { useEffect, useRef, useState } from "preact/hooks";
import type { DecisionList, DecisionSummary } from "../../../admin/api.ts";
import { useEvents, useResource } from "../connection/hooks.ts";
import { decisionsPath, type Filters, filtersOf, matches, mergeDecisions } from "../logic/filters.ts";
import { formatCount } from "../logic/format.ts";
import { type Place, placeHash } from "../logic/route.ts";
import { DecisionFilters } from "../parts/decision-filters.tsx";
import { DecisionTable } from "../parts/decision-table.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { DecisionView } from "./decision.tsx";

/** Decisions in one page of the list. More than these are reached by filters and older pages. */
const PAGE = 100;
const POLL_MS = 10_000;
/** Time between two updates of the list by new decisions, in milliseconds. */
const UPDATE_MS = 700;

/** The decision explorer: the list, and the decision that is open. */
export function Decisions({ place }: { readonly place: Place }) {
	const filters = filtersOf(place.query);
	const closed = placeHash({ view: "decisions", query: place.query });
	const lastOpen = useRef<string>(undefined);
	useEffect(() => {
		if (place.id !== undefined) lastOpen.current = place.id;
		else if (lastOpen.current !== undefined) document.getElementById(`row-${lastOpen.current}`)?.focus();
	}, [place.id]);
	return (
		<>
			<h1>Decisions</h1>
			<div class={place.id === undefined ? "explorer" : "explorer explorer-open"}>
				<div class="explorer-list">
					<DecisionFilters
						filters={filters}
						onChange={(changed) => location.assign(placeHash({ view: "decisions", id: place.id, query: changed }))}
					/>
					<List key={JSON.stringify(filters)} filters={filters} openId={place.id} query={place.query} />
				</div>
				{place.id !== undefined && <DecisionView key={place.id} id={place.id} closeHash={closed} />}
			</div>
		</>
	);
}

interface ListProps {
	readonly filters: Filters;
	readonly openId: string | undefined;
	readonly query: Readonly<Record<string, string>>;
}

function List({ filters, openId, query }: ListProps) {
	/** Cursors of the pages before this one; empty for the newest page. */
	const [cursors, setCursors] = useState<readonly string[]>([]);
	const [isFollowing, setFollowing] = useState(true);
	const isLive = isFollowing && cursors.length === 0;
	const page = useResource<DecisionList>(decisionsPath(filters, PAGE, cursors.at(-1)), isLive ? POLL_MS : undefined);
	const newer = useNewDecisions(filters, isLive);
	useEvents((event) => {
		if (event.type === "gap" && isLive) page.reload();
	});
	return (
		<Loaded resource={page}>
			{({ decisions, next_cursor, kept, capacity }) => {
				const shown = cursors.length === 0 ? mergeDecisions(decisions, newer, PAGE) : decisions;
				return (
					<>
						<div class="list-bar">
							<label>
								<input
									type="checkbox"
									checked={isLive}
									disabled={cursors.length > 0}
									onChange={({ currentTarget }) => setFollowing(currentTarget.checked)}
								/>{" "}
								Follow new decisions
							</label>
							<span class="muted">
								{formatCount(shown.length)} shown · {formatCount(kept)} of at most {formatCount(capacity)} kept
							</span>
						</div>
						{shown.length === 0 ? (
							<NoDecisions isFiltered={Object.keys(filters).length > 0} />
						) : (
							<DecisionTable decisions={shown} openId={openId} query={query} />
						)}
						<div class="pager">
							{cursors.length > 0 && (
								<button type="button" onClick={() => setCursors([])}>
									Newest
								</button>
							)}
							{next_cursor !== undefined && (
								<button type="button" onClick={() => setCursors([...cursors, next_cursor])}>
									Older
								</button>
							)}
						</div>
					</>
				);
			}}
		</Loaded>
	);
}

/** Returns matching decisions that ended while the list was shown, in batches. */
function useNewDecisions(filters: Filters, isLive: boolean): readonly DecisionSummary[] {
	const [newer, setNewer] = useState<readonly DecisionSummary[]>([]);
	const waiting = useRef<DecisionSummary[]>([]);
	useEvents((event) => {
		if (!isLive || event.type !== "decision" || !matches(event.decision, filters)) return;
		if (waiting.current.length >= PAGE) waiting.current.shift();
		if (waiting.current.push(event.decision) > 1) return;
		setTimeout(() => {
			const batch = waiting.current.splice(0);
			setNewer((list) => mergeDecisions(list, batch, PAGE));
		}, UPDATE_MS);
	});
	return newer;
}

function NoDecisions({ isFiltered }: { readonly isFiltered: boolean }) {
	return isFiltered ? (
		<Empty title="No decision matches the filters.">
			<p>
				<a href={placeHash({ view: "decisions" })}>Clear all filters</a>
			</p>
		</Empty>
	) : (
		<Empty title="No decision is kept yet.">
			<p class="muted">
				The server keeps failed requests, and a sample of the others: <code>[router.decision_log] sample_percent</code>.
			</p>
		</Empty>
	);
}
