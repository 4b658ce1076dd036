/** What an embedder does, on whatever runs this file: prints a line for each, and exits 1 if one fails. Arguments: two prepared agents. */
import process from "node:process";
import { createHost } from "spear-hostcall";
import { createServer } from "spear-hostcall/serve";

const [hello, endless] = process.argv.slice(2);
const upstream = await createHost({ config: { backends: { stub: { kind: "stub" } }, server: { port: 0 } } });
const server = createServer(upstream);
const { url } = await server.listen();
const models = ["stub-chat", "stub-embed", "stub-speech", "stub-transcribe"];
const host = await createHost({
	config: {
		backends: {
			http: { kind: "openai-compatible", base_url: `${url}/v1`, models },
			realtime: { kind: "openai-realtime", base_url: `${url}/v1`, models: ["stub-voice"] },
		},
	},
});
const client = host.client();
const question = { messages: [{ role: "user", content: [{ type: "text", text: "Why?" }], tool_calls: [] }], tools: [], model: "stub-chat" };
let failed = false;

/** Runs a step, and compares its result. */
async function step(name, expected, run) {
	let result;
	try {
		result = await run();
	} catch (thrown) {
		result = thrown instanceof Error ? `${thrown.name} ${thrown.message}` : String(thrown);
	}
	const isRight = result === expected;
	failed ||= !isRight;
	console.log(isRight ? `ok      ${name}` : `FAILED  ${name}: ${result}`);
}

await step(
	"a chat over HTTP",
	"stub: you said Why?",
	async () => (await client.call("chat_completions", question)).payload.message.content[0].text,
);
await step("a streamed chat over HTTP", "stub: you said Why?", async () => {
	let text = "";
	for await (const event of client.stream("chat_completions", question)) if (event.type === "text") text += event.text;
	return text;
});
await step(
	"embeddings",
	2,
	async () => (await client.call("embeddings", { input: ["red", "blue"], model: "stub-embed" })).payload.vectors.length,
);
await step("speech and its transcript", true, async () => {
	const speech = { input: { type: "text", text: "hello" }, voice: "stub-low", format: "wav", model: "stub-speech" };
	const { audio } = (await client.call("text_to_speech", speech)).payload;
	return (await client.call("speech_to_text", { audio, model: "stub-transcribe" })).payload.text.startsWith("stub transcript");
});
await step("a realtime session over WebSocket", true, async () => {
	const session = await client.connect({ mode: "conversation", tools: [] });
	session.close();
	for await (const { type } of session) if (type === "completed" || type === "failed") return type === "completed";
	return false;
});
await step("an agent in the host's thread, with streamed output", "text: stub: you said Why?", async () => {
	const run = (await host.load(hello)).run("Why?");
	let text = "";
	for await (const output of run) if (output.type === "text") text += output.text;
	return text + (await run);
});
await step("an agent in a worker thread", "stub: you said Why?", async () => (await host.load(hello, { isolation: "worker" })).run("Why?"));
await step("the deadline of an agent that computes for ever", "timeout", async () => {
	const agent = await host.load(endless);
	return agent.run("", { timeoutMs: 300 }).catch(({ code }) => code);
});
await step("the stop of host and server", undefined, async () => {
	await host.close();
	await server.close();
	await upstream.close();
});
process.exitCode = failed ? 1 : 0;
