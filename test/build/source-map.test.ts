import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { sourceMapOf } from "../../src/abi/debug/source-map/section.ts";
import { type BuildOptions, buildGuest } from "../../src/build/build-guest.ts";
import { GuestError } from "../../src/errors/guest-error.ts";
import { createHost } from "../../src/host/create-host.ts";
import type { HostEvent } from "../../src/telemetry/host-event.ts";
import { ROOT, scratch } from "../helpers/guest.ts";

const FILES = {
	"package.json": "{}",
	"src/agent.ts": `import { agent } from "spear-hostcall/guest";
import { price } from "./shop/price.ts";

interface Order {
	readonly part: string;
}

function handler(input: string): string {
	const order: Order = { part: input };
	return "größe: ü" + price(order.part);
}

export const run = agent((input) => handler(input));
`,
	"src/shop/price.ts": `import { table } from "prices";

export type Part = "nut" | "bolt";

export const price = (part: string): number => {
	if (part === "é") throw new TypeError("no é");
	const found = table[part as Part] as { cents: number } | undefined; const cents = "äöü日本😀" && found!.cents;
	return cents;
};
`,
	"node_modules/prices/package.json": '{ "main": "index.js" }',
	"node_modules/prices/index.js": "exports.table = { nut: { cents: 5 }, get bolt() { throw new RangeError('sold out'); } };\n",
};

let projects = 0;

/** Writes the sources into a folder of their own. Returns its path. */
async function writeProject(files: Readonly<Record<string, string>> = FILES): Promise<string> {
	projects += 1;
	const root = join(scratch(), `project-${projects}`);
	for (const [name, text] of Object.entries(files)) {
		await mkdir(join(root, name, ".."), { recursive: true });
		await writeFile(join(root, name), text);
	}
	return root;
}

async function build(options: Partial<BuildOptions> = {}) {
	const root = await writeProject();
	return buildGuest({ entry: join(root, "src/agent.ts"), out: join(root, "agent.wasm"), world: "chat-agent", ...options });
}

/** Returns the error of a run, and the lines of its log. */
async function failure(guest: string, input: string): Promise<{ readonly error: GuestError; readonly log: readonly HostEvent[] }> {
	const host = await createHost({ config: { host: { log_level: "silent", cache_dir: join(scratch(), "cache") } } });
	const log: HostEvent[] = [];
	try {
		const agent = await host.load(guest);
		const thrown = await agent.run(input, { onEvent: (event) => event.type === "log" && log.push(event) }).then(
			() => undefined,
			(cause: unknown) => cause,
		);
		assert.instance(thrown, GuestError);
		if (thrown instanceof GuestError) return { error: thrown, log };
	} finally {
		await host.close();
	}
	throw new Error("the run should have failed");
}

const built = await build();

test("an error of a QuickJS guest has the lines and columns of its sources, from the prepared agent and from the component", async () => {
	for (const path of [built.prepared, built.component]) {
		const { error, log } = await failure(path, "screw");
		assert.is(error.message, "TypeError: cannot read property 'cents' of undefined");
		const stack = [
			"    at price (src/shop/price.ts:7:97)",
			"    at handler (src/agent.ts:10:28)",
			"    at <anonymous> (src/agent.ts:13:45)",
		].join("\n");
		assert.is(error.guestStack.split("\n").slice(0, 3).join("\n"), stack);
		assert.match(
			error.guestStack,
			/\n {4}at <anonymous> \(spear-hostcall\/guest\/agent\.ts:\d+:\d+\)\n {4}at <anonymous> \(spear-hostcall\/guest\/platform\/entry\.ts:\d+:\d+\)$/,
		);
		assert.match(JSON.stringify(log), JSON.stringify(stack).slice(1, -1));
		assert.not.match(JSON.stringify(log), "user.js");
	}
});

test("an error in an installed package has the path of the package, wherever that is", async () => {
	const { error } = await failure(built.prepared, "bolt");
	assert.match(error.guestStack, /^ {4}at [^\n]* \(node_modules\/prices\/index\.js:1:\d+\)\n {4}at price \(src\/shop\/price\.ts:7:/);
});

test("no artifact holds a path of this machine, or the text of a source", async () => {
	const files = [built.component, ...(await readdir(built.prepared)).map((name) => join(built.prepared, name))];
	for (const file of files) {
		const bytes = await readFile(file);
		for (const text of [scratch(), ROOT, join(ROOT, "node_modules")]) assert.not(bytes.includes(text), `${file} holds ${text}`);
		assert.not(bytes.includes("interface Order"), file);
	}
	const map = JSON.parse(sourceMapOf(await readFile(built.component)) ?? "");
	assert.equal(map.sources.filter((source: string) => !source.startsWith("spear-hostcall/guest/")).sort(), [
		"node_modules/prices/index.js",
		"src/agent.ts",
		"src/shop/price.ts",
	]);
	assert.is(map.sourcesContent, undefined);
	assert.is(built.bytes.sourceMap, (sourceMapOf(await readFile(built.component)) ?? "").length);
});

test("a guest that is built without a source map shows the positions of its script", async () => {
	const plain = await build({ sourceMap: false });
	assert.is(plain.bytes.sourceMap, 0);
	assert.not((await readdir(plain.prepared)).includes("guest.js.map"));
	const { error } = await failure(plain.prepared, "screw");
	assert.match(error.guestStack, /^ {4}at price \(componentize-qjs:user\.js:\d+:\d+\)\n/);
});

test("an exception that a QuickJS guest does not catch has the lines of its sources", async () => {
	const source =
		"type None = undefined;\n\nconst deep = (): string => {\n\tthrow new Error('no luck');\n};\nexport const run = (): string => deep();\n";
	const root = await writeProject({ "agent.ts": source });
	const { prepared } = await buildGuest({ entry: join(root, "agent.ts"), out: join(root, "agent.wasm"), world: "chat-agent" });
	const { error } = await failure(prepared, "");
	assert.is(error.failure, "failed");
	assert.is(error.message, "no luck");
	assert.match(error.guestStack, /^ {4}at deep \(agent\.ts:4:12\)\n {4}at run \(agent\.ts:6:34\)\n/);
});

test("an error at the top level of a guest is refused with the place in its sources", async () => {
	const root = await writeProject({
		"agent.ts": "interface None {}\nconst none: any = undefined;\nnone.x.y;\nexport const run = () => '';\n",
	});
	const message = await buildGuest({ entry: join(root, "agent.ts"), out: join(root, "agent.wasm") }).then(
		String,
		(cause: Error) => cause.message,
	);
	assert.match(message, /cannot read property 'x' of undefined\n {4}at <anonymous> \(agent\.ts:3:\d+\)$/);
});

test.run();
