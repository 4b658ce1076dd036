import { createContext } from "preact";
import { useContext, useEffect, useRef, useState } from "preact/hooks";
import type { AdminEvent } from "../../../admin/api.ts";
import { AdminFailure } from "./admin-client.ts";
import type { Connection, ConnectionState } from "./connection.ts";

export const ConnectionContext = createContext<Connection | undefined>(undefined);

export function useConnection(): Connection {
	const connection = useContext(ConnectionContext);
	if (connection === undefined) throw new Error("no connection");
	return connection;
}

export function useConnectionState(connection: Connection): ConnectionState {
	const [state, setState] = useState(connection.state);
	useEffect(() => {
		const update = (): void => setState(connection.state);
		update();
		return connection.subscribe(update);
	}, [connection]);
	return state;
}

/** Calls `listener` for each event of the server while the component is shown. */
export function useEvents(listener: (event: AdminEvent) => void): void {
	const connection = useConnection();
	const latest = useRef(listener);
	latest.current = listener;
	useEffect(() => connection.onEvent((event) => latest.current(event)), [connection]);
}

/** Returns the time, and again after each `everyMs`. */
export function useNow(everyMs = 1_000): number {
	const [now, setNow] = useState(Date.now());
	useEffect(() => {
		const timer = setInterval(() => setNow(Date.now()), everyMs);
		return () => clearInterval(timer);
	}, [everyMs]);
	return now;
}

/** An answer of the admin API, and its age. */
export interface Resource<T> {
	/** The last answer. Stays while later requests fail. */
	readonly data?: T;
	/** The failure of the last request. */
	readonly failure?: AdminFailure;
	/** Time of the last answer. */
	readonly atMs?: number;
	/** Requests the answer again, at once or as soon as the request in flight has ended. */
	readonly reload: () => void;
}

interface Loaded<T> {
	readonly path: string;
	readonly data?: T;
	readonly failure?: AdminFailure;
	readonly atMs?: number;
}

/**
 * Returns the answer of a path, and asks again after each `everyMs`. Pauses while the tab is hidden or the server does not answer.
 *
 * @param everyMs The default is to ask once.
 */
export function useResource<T>(path: string, everyMs?: number): Resource<T> {
	const connection = useConnection();
	const state = useConnectionState(connection);
	const [loaded, setLoaded] = useState<Loaded<T>>({ path });
	const request = useRef<() => void>(() => {});
	const isLive = state.type === "live";
	useEffect(() => {
		if (!isLive) return;
		const abort = new AbortController();
		let isBusy = false;
		let isWanted = false;
		const load = async (): Promise<void> => {
			isWanted = isBusy;
			if (isBusy) return;
			isBusy = true;
			try {
				const data = await connection.get<T>(path, abort.signal);
				if (!abort.signal.aborted) setLoaded({ path, data, atMs: Date.now() });
			} catch (thrown) {
				const failure = thrown instanceof AdminFailure ? thrown : new AdminFailure("refused", String(thrown));
				if (!abort.signal.aborted) setLoaded((last) => ({ ...(last.path === path ? last : { path }), failure }));
			}
			isBusy = false;
			if (isWanted && !abort.signal.aborted) void load();
		};
		request.current = () => void load();
		void load();
		const timer = everyMs === undefined ? undefined : setInterval(() => document.hidden || void load(), everyMs);
		const onVisible = (): void => {
			if (!document.hidden) void load();
		};
		document.addEventListener("visibilitychange", onVisible);
		return () => {
			abort.abort();
			clearInterval(timer);
			document.removeEventListener("visibilitychange", onVisible);
			request.current = () => {};
		};
	}, [connection, isLive, path, everyMs]);
	const { path: loadedPath, ...rest } = loaded;
	const reload = (): void => request.current();
	return loadedPath === path ? { ...rest, reload } : { reload };
}
