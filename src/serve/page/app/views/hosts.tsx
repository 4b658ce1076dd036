import type { Cluster, ClusterHost, ClusterStore, NamedAmount } from "../../../admin/api.ts";
import { useNow, useResource } from "../connection/hooks.ts";
import { formatAgo, formatCount, formatMs, formatRate } from "../logic/format.ts";
import { shownHosts } from "../logic/shown-hosts.ts";
import { inWords } from "../logic/words.ts";
import { Badge } from "../parts/marks.tsx";
import { Scroll } from "../parts/scroll.tsx";
import { Empty, Loaded } from "../parts/states.tsx";

const POLL_MS = 2_000;
/** Hosts that are shown. */
const HOST_LIMIT = 100;
/** Characters of a digest that are shown. */
const DIGEST = 12;
/** Silence after which the time of the last sign is shown, in milliseconds. */
const SILENT_MS = 5_000;

/** The hosts that share a store, with their load and what differs between them. */
export function HostsView() {
	const cluster = useResource<Cluster>("cluster", POLL_MS);
	const now = useNow();
	return (
		<>
			<h1>Hosts</h1>
			<Loaded resource={cluster}>
				{(data) => {
					const { store, hosts } = data;
					if (store === undefined)
						return (
							<Empty title="This server shares no store with other hosts.">
								<p class="muted">
									<code>[cluster]</code> makes several hosts one system.
								</p>
							</Empty>
						);
					const shown = shownHosts(hosts, HOST_LIMIT);
					return (
						<>
							<Warnings cluster={data} store={store} now={now} />
							<Scroll label="Table of hosts">
								<table class="guests">
									<caption class="hidden">Hosts, their load and their configurations</caption>
									<thead>
										<tr>
											<th scope="col">Host</th>
											<th scope="col">State</th>
											<th scope="col" class="number">
												In flight
											</th>
											<th scope="col" class="number">
												Requests / s
											</th>
											<th scope="col" class="number">
												Failed / s
											</th>
											<th scope="col">Runs</th>
											<th scope="col">Leased</th>
											<th scope="col">Configuration</th>
										</tr>
									</thead>
									<tbody>
										{shown.map((host) => (
											<HostRow key={host.name} host={host} now={now} />
										))}
									</tbody>
								</table>
							</Scroll>
							{shown.length < hosts.length && (
								<p class="muted">{formatCount(hosts.length - shown.length)} further hosts serve without a fault.</p>
							)}
						</>
					);
				}}
			</Loaded>
		</>
	);
}

interface WarningsProps {
	readonly cluster: Cluster;
	readonly store: ClusterStore;
	readonly now: number;
}

function Warnings({ cluster: { configs, refused }, store, now }: WarningsProps) {
	const { reachable, since_at_ms, contact_at_ms, fault } = store;
	const since = formatMs(Math.max(0, Math.round((now - since_at_ms) / 1_000) * 1_000));
	return (
		<>
			{reachable ? (
				<p class="muted">The shared store has been reachable for {since}.</p>
			) : (
				<div class="fault" data-store="unreachable">
					<p>
						<strong>The shared store has been unreachable for {since}.</strong> {fault}. Other hosts are shown as of the last contact
						{contact_at_ms !== undefined && `, ${formatAgo(Math.max(0, now - contact_at_ms))}`}.
					</p>
				</div>
			)}
			{configs.length > 1 && (
				<div class="fault" data-differs>
					<p>
						<strong>The hosts have {configs.length} configurations.</strong>{" "}
						{configs
							.slice(0, 4)
							.map(({ digest, hosts }) => `${digest.slice(0, DIGEST)}: ${namesOf(hosts)}`)
							.join("; ")}
						. <code>spear reload --all</code> reloads all hosts.
					</p>
				</div>
			)}
			{refused.slice(0, 4).map(({ host, fault: reason }) => (
				<div key={host} class="fault">
					<p>
						<strong>Host {host} is left out.</strong> {reason}
					</p>
				</div>
			))}
		</>
	);
}

const STATE_SIGNS: Readonly<Record<ClusterHost["state"], readonly [string, string]>> = {
	serving: ["●", "good"],
	starting: ["◌", "quiet"],
	reloading: ["◐", "notice"],
	draining: ["◌", "quiet"],
	unknown: ["?", "notice"],
};

function HostRow({ host, now }: { readonly host: ClusterHost; readonly now: number }) {
	const { name, state, ready, requests, runs, queue, leases, hints, config, differs, backends } = host;
	const [sign, tone] = STATE_SIGNS[state];
	const silentMs = now - host.seen_at_ms;
	return (
		<tr data-host={name} data-state={state}>
			<th scope="row" class="name">
				{name} {host.is_this && <Badge>this host</Badge>}
				<br />
				<span class="muted small">
					version {host.version} · up {formatMs(Math.max(0, Math.round((now - host.started_at_ms) / 1_000) * 1_000))}
					{silentMs > SILENT_MS && ` · seen ${formatAgo(silentMs)}`}
				</span>
			</th>
			<td>
				<span class={`mark ${tone}`}>
					<span aria-hidden="true">{sign}</span> {state}
				</span>
				{!ready && state !== "starting" && <p class="bad small">no usable backend</p>}
				{backends.length > 0 && (
					<p class="notice small">{namesOf(backends.map(({ name: backend, breaker }) => `${backend}: breaker ${inWords(breaker)}`))}</p>
				)}
			</td>
			<td class="number">
				{formatCount(requests.in_flight)}
				{requests.pending > 0 && <p class="muted small">{formatCount(requests.pending)} waiting</p>}
			</td>
			<td class="number">{formatRate(requests.per_s)}</td>
			<td class={requests.errors_per_s > 0 ? "number bad" : "number"}>{formatRate(requests.errors_per_s)}</td>
			<td>
				{formatCount(runs.running)}
				{runs.waiting > 0 && <span class="muted"> · {formatCount(runs.waiting)} waiting</span>}
				<Amounts amounts={queue} />
			</td>
			<td>
				<Amounts amounts={leases} />
				{hints.length > 0 && <p class="muted small">hints: {namesOf(hints.map(amountText))}</p>}
			</td>
			<td>
				<code>{config.digest.slice(0, DIGEST)}</code> {differs && <Badge tone="notice">differs</Badge>}
				<p class="muted small">
					version {config.version}, {formatAgo(Math.max(0, now - config.since_at_ms))}
				</p>
			</td>
		</tr>
	);
}

function Amounts({ amounts }: { readonly amounts: readonly NamedAmount[] }) {
	return amounts.length === 0 ? null : <p class="small">{namesOf(amounts.map(amountText))}</p>;
}

function amountText({ name, amount }: NamedAmount): string {
	return `${name} ${formatCount(amount)}`;
}

/** Returns a list of names as text. A long one is cut. */
function namesOf(names: readonly string[]): string {
	return `${names.slice(0, 5).join(", ")}${names.length > 5 ? ` and ${names.length - 5} more` : ""}`;
}
