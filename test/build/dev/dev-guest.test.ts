import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { BuildCache } from "../../../src/build/build-cache.ts";
import { devGuest } from "../../../src/build/dev/dev-guest.ts";
import { GuestError } from "../../../src/errors/guest-error.ts";
import { SpearError } from "../../../src/errors/spear-error.ts";
import { createHost } from "../../../src/host/create-host.ts";
import { buildTestGuest, ROOT } from "../../helpers/guest.ts";
import { memoryLog } from "../../helpers/memory-log.ts";

const cache = new BuildCache(join(ROOT, ".cache/tests/builds"));

const test = suite<{ folder: string }>("guests for development");
test.before.each((context) => {
	context.folder = mkdtempSync(join(tmpdir(), "spear-dev-"));
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }));

/** What those who run a guest can see. */
interface Seen {
	readonly outcome: unknown;
	readonly lines: readonly unknown[];
}

async function seen(component: Uint8Array | string, input: string): Promise<Seen> {
	const { logger, lines } = memoryLog();
	const host = await createHost({ config: { backends: { stub: { kind: "stub" } } }, env: {}, logger });
	try {
		const agent = await host.load(component);
		const outcome = await agent.run(input).catch((thrown: unknown) => thrown);
		return { outcome, lines: lines.map(({ message }) => message) };
	} finally {
		await host.close();
	}
}

async function inDevelopment(folder: string, source: string, input: string): Promise<Seen> {
	writeFileSync(join(folder, "guest.ts"), source);
	const guest = await devGuest({ entry: join(folder, "guest.ts"), cache });
	return seen(guest.component, guest.framed(input));
}

const WORKS = `
import { agent } from "spear-hostcall/guest";
import { chat } from "spear-hostcall/guest/chat";
const started = new URL("https://example.com/a b").href;
export const run = agent(async (input) => {
	console.info("hears", input);
	await null;
	using session = chat({});
	return started + " " + session.ask(input + "\\n\u{1f600}").text;
});
`;

test("a guest gives the same answer and lines as its component", async ({ folder }) => {
	const { component } = await buildTestGuest(WORKS, { world: "agent" });
	const input = "1\n2";
	const built = await seen(component, input);
	assert.match(String(built.outcome), "https://example.com/a%20b ", JSON.stringify(built));
	assert.equal(await inDevelopment(folder, WORKS, input), built);
});

test("a failure shows the lines of the sources, and no line of the engine", async ({ folder }) => {
	const source = `import { agent } from "spear-hostcall/guest";
function deep(): never {
	throw new TypeError("no luck");
}
export const run = agent(() => deep());
`;
	const { outcome } = await inDevelopment(folder, source, "");
	if (!(outcome instanceof GuestError)) throw outcome;
	assert.is(outcome.message, "TypeError: no luck");
	assert.match(outcome.guestStack, /^\s*at deep \(guest\.ts:3:\d+\)\n\s*at <anonymous> \(guest\.ts:5:\d+\)/);
	assert.not.match(outcome.guestStack, /<input>|user\.js/);
});

test("the top level cannot call the host, as in a build, and its failure names the place", async ({ folder }) => {
	const { outcome } = await inDevelopment(folder, 'console.log("early");\nexport const run = (input: string) => input;\n', "");
	if (!(outcome instanceof GuestError)) throw outcome;
	assert.match(outcome.message, "the top level of the guest failed: Error: the top level of the guest calls the host (spear:ai/log");
	assert.match(outcome.guestStack, /at <anonymous> \(guest\.ts:1:\d+\)/);
});

test("each run evaluates the guest again", async ({ folder }) => {
	writeFileSync(join(folder, "guest.ts"), "let count = 0;\nexport const run = () => String(++count);\n");
	const guest = await devGuest({ entry: join(folder, "guest.ts"), cache });
	const host = await createHost({ env: {}, config: { host: { log_level: "silent" } } });
	const agent = await host.load(guest.component);
	assert.equal([await agent.run(guest.framed("")), await agent.run(guest.framed(""))], ["1", "1"]);
	await host.close();
});

test("the interfaces are those of the guest's world", async ({ folder }) => {
	const entry = join(folder, "guest.ts");
	writeFileSync(entry, 'import { list } from "spear:ai/discovery";\nexport const run = () => String(list);\n');
	const thrown = await devGuest({ entry, world: "chat-agent", cache }).catch((error: unknown) => error);
	if (!(thrown instanceof SpearError)) throw thrown;
	assert.match(thrown.message, "which the world `chat-agent` does not have; build for `agent`");
});

test.run();
