import * as assert from "uvu/assert";
import { buildTestGuest } from "./guest.ts";

/** Requests of submitted runs, as a client over HTTP sends them. */

/** Echoes its input; with other inputs, emits with pauses, fails, or never ends. */
const GUEST = `
import { agent, emit } from "spear-hostcall/guest";

export const run = agent(async (input) => {
	if (input === "emit") {
		for (const word of ["a", "b", "c", "d"]) {
			emit(word);
			emit({ event: "progress", data: { word } });
			await new Promise((resolve) => setTimeout(resolve, 70));
		}
		return "done";
	}
	if (input === "fail") throw new Error("no luck today");
	if (input === "wait") for (;;) await new Promise((resolve) => setTimeout(resolve, 1_000));
	return input;
});
`;

/** Returns the path of an agent that emits with pauses for the input `emit`. */
export async function emittingAgent(): Promise<string> {
	return (await buildTestGuest(GUEST)).component;
}

export interface RunBody {
	readonly id: string;
	readonly state: string;
	readonly is_new?: boolean;
	readonly attempt: number;
	readonly output?: unknown;
	readonly status_url: string;
	readonly events_url: string;
	readonly error?: { readonly code: string; readonly message: string; readonly param?: string };
	readonly runs: readonly RunBody[];
}

export interface StreamEvent {
	readonly id?: string;
	readonly name: string;
	readonly data: unknown;
}

export function submit(url: string, body: unknown, headers: Record<string, string> = {}, agent = "clerk"): Promise<Response> {
	const init = { method: "POST", headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
	return fetch(`${url}/agents/${agent}/runs`, init);
}

export async function submitted(url: string, body: unknown, headers: Record<string, string> = {}): Promise<RunBody> {
	const response = await submit(url, body, headers);
	assert.is(response.status, 202, await response.clone().text());
	return bodyOf(response);
}

export async function bodyOf(response: Response): Promise<RunBody> {
	return (await response.json()) as RunBody;
}

export async function ended(url: string, { status_url }: RunBody, headers: Record<string, string> = {}): Promise<RunBody> {
	for (;;) {
		const run = await bodyOf(await fetch(url + status_url, { headers }));
		if (!["delayed", "queued", "running"].includes(run.state)) return run;
		await new Promise((resolve) => setTimeout(resolve, 10));
	}
}

export function eventsOf(text: string): StreamEvent[] {
	const found = text.matchAll(/^(?:id: (.*)\n)?event: (.*)\ndata: (.*)\n\n/gm);
	return [...found].map(([, id, name = "", data = ""]) => ({ ...(id === undefined ? {} : { id }), name, data: JSON.parse(data) }));
}

export async function events(url: string, { events_url }: RunBody, headers: Record<string, string> = {}): Promise<StreamEvent[]> {
	const response = await fetch(url + events_url, { headers: { accept: "text/event-stream", ...headers } });
	return eventsOf(await response.text());
}

export async function failure(response: Response): Promise<[status: number, code?: string, param?: string]> {
	const { error } = await bodyOf(response);
	return error?.param === undefined ? [response.status, error?.code ?? ""] : [response.status, error.code, error.param];
}

export const EMITTED = ["a", "b", "c", "d"].flatMap((word) => [
	{ name: "text", data: { text: word } },
	{ name: "event", data: { name: "progress", data: { word } } },
]);

export function withoutIds(found: readonly StreamEvent[]): object[] {
	return found.map(({ name, data }) => ({ name, data }));
}

/** Reads a stream until it has as many events, and leaves. */
export async function firstEvents(url: string, { events_url }: RunBody, count: number): Promise<StreamEvent[]> {
	const abort = new AbortController();
	const response = await fetch(url + events_url, { headers: { accept: "text/event-stream" }, signal: abort.signal });
	let text = "";
	for await (const bytes of response.body ?? []) {
		text += Buffer.from(bytes).toString();
		if (eventsOf(text).length >= count) break;
	}
	abort.abort();
	return eventsOf(text).slice(0, count);
}

/** Asserts that a stream continues from each id, at two servers. */
export async function assertResumes(first: { readonly url: string }, second: string, run: RunBody): Promise<void> {
	const before = await firstEvents(first.url, run, 3);
	assert.equal(withoutIds(before), EMITTED.slice(0, 3));
	const after = await events(second, run, { "last-event-id": before[2]?.id ?? "" });
	assert.equal(withoutIds(after.slice(0, -1)), EMITTED.slice(3));
	assert.equal([after.at(-1)?.id, after.at(-1)?.name, Object(after.at(-1)?.data).output], ["end", "completed", "done"]);
	const all = await events(second, run);
	for (const [index, { id = "" }] of all.slice(0, -1).entries())
		assert.equal(await events(first.url, run, { "last-event-id": id }), all.slice(index + 1), id);
	assert.is((await fetch(second + run.events_url, { headers: { "last-event-id": "end" } })).status, 204);
	const stored = await fetch(`${second}${run.events_url}?after=${all[1]?.id}`);
	const page = (await stored.json()) as { events: { type: string; data: unknown; id: string }[]; next: string; ended: boolean };
	assert.equal(
		page.events.map(({ type, data }) => ({ name: type, data })),
		EMITTED.slice(2),
	);
	assert.equal([page.next, page.ended], [all.at(-2)?.id, true]);
}
