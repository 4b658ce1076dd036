import { cp, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Config } from "../../../src/index.ts";
import { assemble, buildTestGuest, scratch } from "../../helpers/guest.ts";
import { plainComponent } from "../../helpers/guest-components.ts";
import { emitsTexts } from "../../helpers/output-guests.ts";
import { bodyOf, type Served, served } from "../../helpers/served.ts";

const test = suite<{ a: Uint8Array; b: Uint8Array; flood: Uint8Array }>("hot reload of agents");

/** Returns a component that answers two letters. */
function answering(letters: string): Promise<Uint8Array> {
	return assemble(plainComponent("(call $answer)").replace('"ok"', `"${letters}"`));
}

test.before(async (context) => {
	context.a = await answering("aa");
	context.b = await answering("bb");
	context.flood = await assemble(emitsTexts(400, 65_536));
});

async function file(bytes: Uint8Array): Promise<string> {
	const path = join(await mkdtemp(join(scratch(), "hot-")), "agent.wasm");
	await writeFile(path, bytes);
	return path;
}

function post(at: Served, init: RequestInit = {}): Promise<Response> {
	const headers = { "content-type": "text/plain", ...init.headers };
	return fetch(`${at.url}/agents/one/run`, { method: "POST", body: "", ...init, headers });
}

/** Returns the answer of a run, or the code of its error. */
async function answered(at: Served): Promise<string> {
	const { output, error } = await bodyOf(await post(at));
	return String(output ?? error.code);
}

async function entry(at: Served): Promise<Record<string, unknown> | undefined> {
	const { agents } = await bodyOf(await fetch(`${at.url}/agents`));
	return agents[0];
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
	while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}

test("a rebuilt component is used for new runs, and runs in progress end with the former one", async ({ b, flood }) => {
	const component = await file(flood);
	const at = await served({ agents: { one: { component } } }, {}, { watch: true });
	const slow = await post(at, { headers: { accept: "text/event-stream" } });
	await writeFile(component, b);
	await until(async () => (await answered(at)) === "bb");
	assert.is((await entry(at))?.running, 1);
	const events = await slow.text();
	assert.is(events.match(/^event: text$/gm)?.length, 400);
	assert.match(events, /"output":"ok"/);
	await until(async () => (await entry(at))?.running === 0);
	await at.close();
});

test("a half-written component is reported, the former stays, and the whole one is used", async ({ a, b }) => {
	const component = await file(a);
	const at = await served({ agents: { one: { component } } }, {}, { watch: true });
	await writeFile(component, b.subarray(0, b.length / 2));
	await until(async () => (await entry(at))?.error !== undefined);
	assert.is(await answered(at), "aa");
	assert.is((await entry(at))?.loaded, true);
	assert.match(at.log.find(({ level }) => level === "error")?.message ?? "", "the former component stays in use");
	await writeFile(component, b);
	await until(async () => (await answered(at)) === "bb");
	assert.is((await entry(at))?.error, undefined);
	await at.close();
});

test("an absent component that a build replaces keeps the former one, and is not reported", async ({ a, b }) => {
	const component = await file(a);
	const at = await served({ agents: { one: { component } } });
	await rm(component);
	await at.host.reload();
	assert.is(await answered(at), "aa");
	await writeFile(`${component}.new`, b);
	await rename(`${component}.new`, component);
	await at.host.reload();
	await until(async () => (await answered(at)) === "bb");
	assert.equal(
		at.log.filter(({ level }) => level === "error"),
		[],
	);
	await at.close();
});

test("without a watch, a change is found by a reload of the host only", async ({ a, b }) => {
	const component = await file(a);
	const at = await served({ agents: { one: { component } } });
	await writeFile(component, b);
	await new Promise((resolve) => setTimeout(resolve, 200));
	assert.is(await answered(at), "aa");
	await at.host.reload();
	await until(async () => (await answered(at)) === "bb");
	await at.close();
});

test("a component that appears after the start is loaded", async ({ a }) => {
	const component = join(await mkdtemp(join(scratch(), "hot-")), "agent.wasm");
	const at = await served({ agents: { one: { component } } }, {}, { watch: true });
	assert.is(await answered(at), "agent_unavailable");
	await writeFile(component, a);
	await until(async () => (await answered(at)) === "aa");
	await at.close();
});

test("a prepared agent is loaded again when its directory is replaced, and when its files are", async () => {
	const guests = ["first", "second", "third"].map((word) =>
		buildTestGuest(`import { agent } from "spear-hostcall/guest"; export const run = agent(() => "${word}");`),
	);
	const [first, second, third] = await Promise.all(guests);
	if (first === undefined || second === undefined || third === undefined) throw new Error("three guests were built");
	const component = join(await mkdtemp(join(scratch(), "hot-")), "agent.spear");
	await cp(first.prepared, component, { recursive: true });
	const at = await served({ agents: { one: { component } } }, {}, { watch: true });
	assert.is(await answered(at), "first");
	await cp(second.prepared, component, { recursive: true });
	await until(async () => (await answered(at)) === "second");
	await cp(third.prepared, `${component}.new`, { recursive: true });
	await rm(component, { recursive: true });
	await rename(`${component}.new`, component);
	await until(async () => (await answered(at)) === "third");
	await at.close();
});

test("a reload of the configuration adds, removes and changes agents", async ({ a, b }) => {
	const [one, two] = [await file(a), await file(b)];
	const at = await served({ agents: { one: { component: one } } });
	const config = (agents: Config["agents"] = {}): Config => ({ agents, host: { log_level: "silent" } });
	await at.host.reload(config({ one: { component: two }, two: { component: one } }));
	await until(async () => (await answered(at)) === "bb");
	const names = async () => (await bodyOf(await fetch(`${at.url}/agents`))).agents.map(({ name }) => name);
	assert.equal(await names(), ["one", "two"]);
	await at.host.reload(config({ one: { component: two, max_input_bytes: 3 } }));
	assert.equal(await names(), ["one"]);
	assert.is((await post(at, { body: "1234" })).status, 413);
	await at.host.reload(config());
	assert.is(await answered(at), "not_found");
	await at.close();
});

test("runs of an agent that is removed end as they would", async ({ flood }) => {
	const component = await file(flood);
	const at = await served({ agents: { one: { component } } });
	const slow = await post(at, { headers: { accept: "text/event-stream" } });
	await at.host.reload({ host: { log_level: "silent" } });
	assert.match(await slow.text(), /^event: completed$/m);
	await at.close();
});

test("a component in a folder that does not exist is told without a stack", async () => {
	const component = join(scratch(), "absent-folder", "agent.wasm");
	const at = await served({ agents: { one: { component } } }, {}, { watch: true });
	const line = at.log.find(({ message }) => message.includes("cannot be watched by notifications"));
	assert.match(String(Object(line?.fields).cause), /^Error: ENOENT: no such file or directory/);
	assert.is(Object(line?.fields).err, undefined);
	await at.close();
});

test.run();
