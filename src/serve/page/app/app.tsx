import { useEffect, useRef, useState } from "preact/hooks";
import type { ConnectionState } from "./connection/connection.ts";
import { useConnection, useConnectionState, useNow } from "./connection/hooks.ts";
import { formatMs } from "./logic/format.ts";
import { type Place, parsePlace, placeHash, VIEWS } from "./logic/route.ts";
import { Announcer } from "./parts/announcer.tsx";
import { Loading } from "./parts/states.tsx";
import { ThemeChoice } from "./parts/theme.tsx";
import { AdminOff } from "./views/admin-off.tsx";
import { BudgetsView } from "./views/budgets.tsx";
import { Decisions } from "./views/decisions.tsx";
import { ErrorsView } from "./views/errors.tsx";
import { HostsView } from "./views/hosts.tsx";
import { KeyPrompt } from "./views/key-prompt.tsx";
import { Overview } from "./views/overview.tsx";
import { TrafficView } from "./views/traffic.tsx";

function usePlace(): Place {
	const [place, setPlace] = useState(parsePlace(location.hash));
	useEffect(() => {
		const update = (): void => setPlace(parsePlace(location.hash));
		addEventListener("hashchange", update);
		return () => removeEventListener("hashchange", update);
	}, []);
	return place;
}

export function App({ isDemo }: { readonly isDemo: boolean }) {
	const connection = useConnection();
	const state = useConnectionState(connection);
	const place = usePlace();
	// Content stays while the connection is lost, and is shown only after the server has accepted the key.
	const isOpen = state.type === "live" || (state.type === "lost" && connection.status !== undefined);
	const wasAsked = useRef(false);
	if (state.type === "locked") wasAsked.current = true;
	useEffect(() => {
		// The field of the key is gone, and its focus with it.
		if (!isOpen || !wasAsked.current) return;
		wasAsked.current = false;
		document.getElementById("main")?.focus();
	}, [isOpen]);
	useEffect(() => {
		const view = state.type === "off" || !isOpen ? "" : `${titleOf(place)} · `;
		document.title = `${view}Spear${isDemo ? " (demo)" : ""}`;
	}, [place, isOpen, state.type, isDemo]);
	return (
		<>
			<button type="button" class="skip" onClick={() => document.getElementById("main")?.focus()}>
				Skip to the content
			</button>
			<header class="top">
				<p class="brand">
					Spear <span class="muted">hostcall</span>
				</p>
				{isOpen && <Navigation place={place} hasHosts={connection.status?.cluster !== undefined} />}
				<div class="tools">
					{isOpen && <Indicator state={state} />}
					<ThemeChoice />
					{isOpen && (
						<button type="button" onClick={() => connection.lock()}>
							Lock
						</button>
					)}
				</div>
			</header>
			{isDemo && (
				<p class="demo">
					<strong>DEMO</strong> Backends and traffic are simulated. The router and its decisions are real. No request leaves this machine.
				</p>
			)}
			{state.type === "off" ? (
				<AdminOff />
			) : isOpen ? (
				<>
					{state.type === "lost" && <Lost state={state} />}
					<main id="main" tabIndex={-1}>
						<Content place={place} />
					</main>
					<Announcer />
				</>
			) : state.type === "lost" || (state.type === "connecting" && !state.isTyped) ? (
				<main id="main" tabIndex={-1}>
					<h1 class="hidden">Connecting</h1>
					{state.type === "lost" ? <Lost state={state} /> : <Loading />}
				</main>
			) : (
				<KeyPrompt isBusy={state.type === "connecting"} reason={state.type === "locked" ? state.reason : undefined} />
			)}
		</>
	);
}

function titleOf({ view, id }: Place): string {
	const name = view.charAt(0).toUpperCase() + view.slice(1);
	return id === undefined ? name : `Decision ${id}`;
}

function Navigation({ place, hasHosts }: { readonly place: Place; readonly hasHosts: boolean }) {
	return (
		<nav aria-label="Views">
			<ul>
				{VIEWS.filter((view) => view !== "hosts" || hasHosts).map((view) => (
					<li key={view}>
						<a href={placeHash({ view })} aria-current={view === place.view ? "page" : undefined}>
							{titleOf({ view, query: {} })}
						</a>
					</li>
				))}
			</ul>
		</nav>
	);
}

function Content({ place }: { readonly place: Place }) {
	const isFirst = useRef(true);
	useEffect(() => {
		// Focus follows to the new view, as after the load of a page.
		if (!isFirst.current && place.id === undefined) document.getElementById("main")?.focus({ preventScroll: true });
		isFirst.current = false;
		scrollTo(0, 0);
	}, [place.view]);
	switch (place.view) {
		case "overview":
			return <Overview />;
		case "hosts":
			return <HostsView />;
		case "traffic":
			return <TrafficView />;
		case "errors":
			return <ErrorsView />;
		case "budgets":
			return <BudgetsView />;
		case "decisions":
			return <Decisions place={place} />;
	}
}

const STATE_SIGNS: Readonly<Record<ConnectionState["type"], readonly [string, string, string]>> = {
	live: ["●", "good", "live"],
	connecting: ["◌", "quiet", "connecting"],
	lost: ["✕", "bad", "disconnected"],
	locked: ["○", "quiet", "locked"],
	off: ["○", "quiet", "off"],
};

function Indicator({ state }: { readonly state: ConnectionState }) {
	const [sign, tone, text] = STATE_SIGNS[state.type];
	return (
		<span class={`mark ${tone}`} data-connection={state.type}>
			<span aria-hidden="true">{sign}</span> {text}
		</span>
	);
}

function Lost({ state }: { readonly state: ConnectionState & { readonly type: "lost" } }) {
	const connection = useConnection();
	const now = useNow(500);
	return (
		<section class="fault" data-state="lost" aria-label="Connection">
			<p>
				<strong>Disconnected for {formatMs(Math.floor(Math.max(0, now - state.sinceMs) / 1_000) * 1_000)}.</strong> What is shown may be out
				of date: {state.reason}. Next try in {formatMs(Math.max(0, Math.ceil((state.retryAtMs - now) / 1_000) * 1_000))}.
			</p>
			<button type="button" onClick={() => connection.retryNow()}>
				Try now
			</button>
		</section>
	);
}
