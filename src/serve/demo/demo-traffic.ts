import type * as cchat from "../../../generated/ir/cchat.ts";
import type { HostClient } from "../../host/client.ts";
import type { Host } from "../../host/host.ts";
import { drawGap } from "../../simulation/distributions.ts";
import type { Random } from "../../time/random.ts";

/** The requests of one guest. */
interface Source {
	readonly guest: string;
	/** Average number of requests a second. Arrivals are random, and independent of the outcomes of earlier requests. */
	readonly perSecond: number;
	readonly send: (client: HostClient, random: Random) => Promise<void>;
}

const SOURCES: readonly Source[] = [
	{
		guest: "shop-assistant",
		perSecond: 2.5,
		send: (client, random) => streamChat(client, { model: "aurora-large", params: { stop: [], seed: 7 } }, random),
	},
	{ guest: "support-desk", perSecond: 1.2, send: (client, random) => askForJson(client, random) },
	{
		guest: "nightly-batch",
		perSecond: 0.9,
		send: (client, random) => askOnce(client, { model: "pocket-mini", params: { stop: [], frequency_penalty: 0.5 } }, random),
	},
	{ guest: "search-index", perSecond: 3, send: (client, random) => embed(client, random) },
	{ guest: "support-desk", perSecond: 0.3, send: (client) => transcribe(client) },
	{ guest: "shop-assistant", perSecond: 0.02, send: (client, random) => askOnce(client, { model: "aurora-xxl" }, random) },
];

const QUESTIONS = [
	"Where is my parcel?",
	"Summarize this ticket in one line.",
	"Which lamp fits the desk?",
	"Translate the note to French.",
];

/**
 * Sends the requests of the demonstration until `signal` is aborted. Failures are a part of the demonstration, and are not reported here.
 */
export async function sendDemoTraffic(host: Host, random: Random, signal: AbortSignal): Promise<void> {
	await Promise.all(SOURCES.map((source) => sendFrom(source, host, random, signal)));
}

async function sendFrom({ guest, perSecond, send }: Source, host: Host, random: Random, signal: AbortSignal): Promise<void> {
	const client = host.client({ guest });
	while (!signal.aborted) {
		await pause(drawGap(perSecond, random), signal);
		if (!signal.aborted) send(client, random).catch(() => {});
	}
	await client.close();
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		const end = (): void => {
			clearTimeout(timer);
			signal.removeEventListener("abort", end);
			resolve();
		};
		const timer = setTimeout(end, ms).unref();
		signal.addEventListener("abort", end, { once: true });
	});
}

function chatOf(random: Random, more: Partial<cchat.Request>): cchat.Request {
	const text = QUESTIONS[Math.floor(random() * QUESTIONS.length)] ?? "";
	return { messages: [{ role: "user", content: [{ type: "text", text }], tool_calls: [] }], tools: [], ...more };
}

async function streamChat(client: HostClient, more: Partial<cchat.Request>, random: Random): Promise<void> {
	for await (const event of client.stream("chat_completions", chatOf(random, more))) if (event.type === "completed") return;
}

async function askOnce(client: HostClient, more: Partial<cchat.Request>, random: Random): Promise<void> {
	await client.call("chat_completions", chatOf(random, more));
}

/** Sends a request for JSON. A quarter of the requests prefer the backend that emulates schemas. */
async function askForJson(client: HostClient, random: Random): Promise<void> {
	const schema = { type: "object", properties: { topic: { type: "string" } }, required: ["topic"], additionalProperties: false };
	const request = chatOf(random, {
		model: "aurora-large",
		response_format: { type: "json_schema", json_schema: { name: "ticket", schema } },
	});
	const preferred = random() < 0.25 ? ["borealis"] : [];
	await client.call("chat_completions", request, { routing: { allowlist: [], denylist: [], preferred } });
}

async function embed(client: HostClient, random: Random): Promise<void> {
	const input = Array.from({ length: 1 + Math.floor(random() * 8) }, (_, index) => `product ${index}`);
	await client.call("embeddings", { model: "vectors-3", input });
}

/** Bytes of a recording. No upstream reads them. */
const RECORDING = Buffer.from("RIFF$\0\0\0WAVEfmt ", "latin1");

async function transcribe(client: HostClient): Promise<void> {
	await client.call("speech_to_text", {
		model: "listener-1",
		audio: { type: "inline", inline: { data: RECORDING, mime_type: "audio/wav" } },
	});
}
