import { ALPHABET, ANSWERED } from "./guest.ts";

/** An event as a client receives it. */
interface ClientEvent {
	readonly id: string;
	readonly name: string;
	readonly data: Readonly<Record<string, unknown>>;
}

/** A run, as its client has seen the run. */
export interface SeenRun {
	readonly id: string;
	readonly attempts: number;
	readonly connections: number;
	/** Times from the last event of an attempt whose worker was lost to the beginning of the next attempt, in milliseconds. */
	readonly takeoverMs: readonly number[];
	/** Time from the submission to the end, in milliseconds. */
	readonly durationMs: number;
	/** Faults. Empty for a run in order. */
	readonly faults: readonly string[];
}

/** Longest time that a client holds one connection, in milliseconds. */
const MAX_CONNECTION_MS = 400;

/**
 * Submits a run and follows it to its end, from one server to another. The client cuts its connection at random, and continues at another server
 * from the last id that the client has.
 */
export async function followedRun(urls: readonly string[], random: () => number, now: () => number): Promise<SeenRun> {
	const startedAt = now();
	const { id, events_url } = await submitted(pick(urls, random), random);
	const faults: string[] = [];
	const takeoverMs: number[] = [];
	let lastAt: number | undefined;
	let [attempts, connections, text, last] = [1, 0, "", ""];
	const ends: ClientEvent[] = [];
	const endAttempt = (isLast: boolean): void => {
		if (isLast ? text !== ALPHABET : !ALPHABET.startsWith(text)) faults.push(`attempt ${attempts} is ${JSON.stringify(text)}`);
		text = "";
	};
	while (ends.length === 0) {
		connections += 1;
		// The first connections are cut at random, so that each run is resumed; later ones end by themselves.
		const holdMs = connections <= 4 ? random() * MAX_CONNECTION_MS : 60_000;
		for await (const event of connection(`${pick(urls, random)}${events_url}`, last, holdMs)) {
			if (event.id === last) faults.push(`the event ${last} came twice`);
			last = event.id;
			if (event.name === "text") text += String(event.data.text);
			else if (event.name === "attempt") {
				endAttempt(false);
				attempts = Number(event.data.attempt);
				if (event.data.reason !== "worker_lost") faults.push(`attempt ${attempts} begins because of ${String(event.data.reason)}`);
				else if (lastAt !== undefined) takeoverMs.push(now() - lastAt);
			} else ends.push(event);
			lastAt = now();
		}
	}
	endAttempt(true);
	const [end] = ends;
	if (end?.name !== "completed" || end.data.output !== ANSWERED) faults.push(`the end is ${JSON.stringify(end)}`);
	if (ends.length > 1) faults.push(`the run has ${ends.length} ends`);
	return { id, attempts, connections, takeoverMs, durationMs: now() - startedAt, faults };
}

async function submitted(url: string, random: () => number): Promise<{ readonly id: string; readonly events_url: string }> {
	const key = `${Math.floor(random() * Number.MAX_SAFE_INTEGER)}`;
	for (;;) {
		const headers = { "content-type": "application/json", "idempotency-key": key };
		const body = JSON.stringify({ input: "", max_attempts: 20 });
		const response = await fetch(`${url}/agents/spell/runs`, { method: "POST", headers, body });
		if (response.status === 202) return (await response.json()) as { id: string; events_url: string };
		await response.text();
		if (response.status !== 503 && response.status !== 429) throw new Error(`a submission was answered with ${response.status}`);
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
}

/** Yields the events of one connection, which the client cuts after a time. */
async function* connection(url: string, last: string, holdMs: number): AsyncGenerator<ClientEvent, void, void> {
	const abort = new AbortController();
	const timer = setTimeout(() => abort.abort(), holdMs);
	try {
		const headers = { accept: "text/event-stream", ...(last === "" ? {} : { "last-event-id": last }) };
		const response = await fetch(url, { headers, signal: abort.signal });
		if (response.status === 503) {
			await response.text();
			await new Promise((resolve) => setTimeout(resolve, 100));
			return;
		}
		if (!response.ok) throw new Error(`the events were answered with ${response.status}`);
		let rest = "";
		for await (const bytes of response.body ?? []) {
			const parts = (rest + Buffer.from(bytes).toString()).split("\n\n");
			rest = parts.pop() ?? "";
			for (const part of parts) {
				const [, id = "", name = "", data = "{}"] = /^id: (.*)\nevent: (.*)\ndata: (.*)$/.exec(part) ?? [];
				if (name !== "") yield { id, name, data: JSON.parse(data) };
				else if (!part.startsWith(":")) throw new Error(`no event: ${part}`);
			}
		}
	} catch (thrown) {
		if (!abort.signal.aborted) throw thrown;
	} finally {
		clearTimeout(timer);
		abort.abort();
	}
}

function pick(urls: readonly string[], random: () => number): string {
	return urls[Math.floor(random() * urls.length)] ?? "";
}
