import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { print } from "@bytecodealliance/jco";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { customSection } from "../../../codegen/emit/guest/custom-section.ts";
import { encodedPackage } from "../../../codegen/emit/guest/encoded-package.ts";
import { guestEmitter } from "../../../codegen/emit/guest/index.ts";
import { typings } from "../../../codegen/emit/guest/typings.ts";
import { witCopies } from "../../../codegen/emit/guest/wit-copies.ts";
import { abiOf, projectAbi } from "../../helpers/codegen.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const witDir = join(root, "wit");

const KIT = `package test:kit@1.2.0;

/// Words.
interface types {
	/// What went wrong.
	record error {
		/// In words.
		message: string,
		code: option<u32>,
	}
	variant run-error { failed(string), passed-on(error) }
}

/// Everything.
interface kit {
	use types.{error};

	/// Colours.
	enum colour {
		/// Like fire.
		dark-red,
		blue,
	}
	flags bits { one-bit, two }
	variant shape { nothing, words(string), maybe(option<colour>) }
	/// Only goes to the host.
	record sent {
		vectors: list<list<f32>>,
		bytes: list<u8>,
		names: list<string>,
		holes: list<option<string>>,
		name: option<string>,
		nested: option<option<u32>>,
		bits: bits,
	}
	/// Only comes from the host.
	record received {
		vectors: list<list<f32>>,
		numbers: list<u32>,
		name: option<string>,
		nested: option<option<u32>>,
		outcome: result<u32, string>,
		pair: tuple<string, option<u32>>,
	}
	record both { name: option<string>, numbers: list<f64>, shape: shape }

	/// A thing.
	resource thing {
		/// Opens one.
		open: static func(name: option<string>) -> result<thing, error>;
		touch: func(other: borrow<thing>, letter: char) -> bool;
	}

	/// Trades.
	trade: func(a: sent, b: both) -> result<received, error>;
	back: func() -> both;
	delete: func(default: string) -> result<_, string>;
}

/// For guests.
world guest {
	import kit;
	use types.{run-error};

	/// Goes.
	export run: func(input: list<u32>) -> result<list<u32>, run-error>;
}
`;

/** The body of one ambient module, without its indentation. */
function moduleOf(text: string, name: string): string {
	const start = text.indexOf(`declare module "${name}" {\n`);
	if (start < 0) throw new Error(`no module ${name}`);
	const body = text.slice(text.indexOf("\n", start) + 1, text.indexOf("\n}\n", start) + 1);
	return body.replaceAll(/^\t/gm, "");
}

test("typings tell what a guest may leave out from what it can rely on", () => {
	assert.is(
		moduleOf(typings(abiOf(KIT)), "test:kit/kit@1.2.0"),
		`import type * as types from "test:kit/types@1.2.0";

/**
 * Colours.
 *
 * - \`dark-red\`: Like fire.
 */
export type Colour = "dark-red" | "blue";

export interface Bits {
	oneBit?: boolean | undefined;
	two?: boolean | undefined;
}

export type Shape = { tag: "nothing" } | { tag: "words"; val: string } | { tag: "maybe"; val?: Colour | null | undefined };

/** Only goes to the host. */
export interface Sent {
	vectors: readonly (readonly number[] | Float32Array)[];
	bytes: Uint8Array;
	names: readonly string[];
	holes: readonly (string | null | undefined)[];
	name?: string | null | undefined;
	nested: { tag: "some"; val: number | null | undefined } | { tag: "none" };
	bits: Bits;
}

/** Only comes from the host. */
export interface Received {
	vectors: number[][];
	numbers: number[];
	name: string | null;
	nested: { tag: "some"; val: number | null } | { tag: "none" };
	outcome: { tag: "ok"; val: number } | { tag: "err"; val: string };
	pair: [string, number | null];
}

export interface Both {
	name?: string | null | undefined;
	numbers: number[];
	shape: Shape;
}

/** A thing. */
export class Thing {
	private constructor();

	/**
	 * Opens one.
	 *
	 * @throws {types.HostcallError}
	 */
	static open(name: string | null | undefined): Thing;

	touch(other: Thing, letter: string): boolean;

	/** Drops the handle. Nothing but this, again, may be done with it afterwards. */
	[Symbol.dispose](): void;
}

/**
 * Trades.
 *
 * @throws {types.HostcallError}
 */
export function trade(a: Sent, b: Both): Received;

export function back(): Both;

/** @throws an object whose \`payload\` is \`string\` */
function delete_(default_: string): void;
export { delete_ as delete };
`,
	);
});

test("a world's module types what the guest exports, the other way round", () => {
	const text = typings(abiOf(KIT));
	assert.is(
		moduleOf(text, "test:kit/guest@1.2.0"),
		`import type * as types from "test:kit/types@1.2.0";

export type RunError = types.RunError;

/**
 * Goes.
 *
 * @throws types.RunError itself, or an object with one as its \`payload\`
 */
export type Run = (input: number[]) => readonly number[] | Uint32Array;
`,
	);
	assert.ok(
		moduleOf(text, "test:kit/types@1.2.0").includes(
			"export interface HostcallError extends globalThis.Error {\n\treadonly payload: Error;\n}\n",
		),
	);
});

test("WIT copies are the files as they are, with a notice behind", () => {
	const copies = witCopies(
		new Map([
			["b.wit", "package a:b;\r\n"],
			["a.wit", "package a:b;\n\n"],
		]),
	);
	assert.equal(copies, [
		{ path: "guest/wit/a.wit", content: "package a:b;\n\n// Generated by `npm run codegen` from wit/a.wit. Do not edit.\n" },
		{ path: "guest/wit/b.wit", content: "package a:b;\n\n// Generated by `npm run codegen` from wit/b.wit. Do not edit.\n" },
	]);
});

test("the encoded package is the same bytes each time and holds every interface", async () => {
	const { model } = await projectAbi();
	const [first] = await encodedPackage(model, witDir);
	const [second] = await encodedPackage(model, witDir);
	assert.ok(first !== undefined && second !== undefined);
	assert.equal(Buffer.compare(first, second), 0);
	const text = await print(first);
	for (const iface of model.main.interfaces) assert.ok(text.includes(`spear:ai/${iface.name}@0.1.0`), iface.name);
	assert.match(text, /\(export \(;\d+;\) "run" \(func/);
});

test("a package without worlds has no encoded form", async () => {
	assert.equal(await encodedPackage(abiOf(KIT.slice(0, KIT.indexOf("/// For guests."))).model, witDir), []);
});

test("a custom section is found by name", () => {
	const section = (id: number, ...content: number[]): number[] => [id, content.length, ...content];
	const module = Uint8Array.from([
		0,
		0x61,
		0x73,
		0x6d,
		1,
		0,
		0,
		0,
		...section(1, 0),
		...section(0, 1, 0x61, 9),
		...section(0, 2, 0x62, 0x62, 7, 8),
	]);
	assert.equal([...(customSection(module, "bb") ?? [])], [7, 8]);
	assert.is(customSection(module, "c"), undefined);
	assert.throws(
		() => customSection(Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 0, 0xff]), "a"),
		"malformed module: no number at offset 9",
	);
});

test("files of the target are named after the package", async () => {
	const files = await guestEmitter.emit({
		abi: await projectAbi(),
		config: { enabledBackends: [], disabledBackends: [] },
		witFiles: new Map([["types.wit", "package spear:ai@0.1.0;\n"]]),
		witDir,
	});
	assert.equal(
		files.map((file) => file.path),
		["guest/wit/types.wit", "guest/spear-ai.d.ts", "guest/spear-ai.wasm"],
	);
});

test("a guest in TypeScript is checked against the typings, by them alone", async () => {
	const directory = await mkdtemp(join(tmpdir(), "spear-typings-"));
	await writeFile(join(directory, "spear-ai.d.ts"), typings(await projectAbi()));
	await writeFile(
		join(directory, "guest.ts"),
		`import type { Run, RunError } from "spear:ai/chat-agent@0.1.0";
import { complete, Session, type Request } from "spear:ai/cchat@0.1.0";
import * as media from "spear:ai/media@0.1.0";
import { after, poll } from "spear:ai/poll@0.1.0";
import type { HostcallError } from "spear:ai/types@0.1.0";

const request: Request = { messages: [{ role: "user", content: [{ tag: "text", val: "hi" }] }] };

export const run: Run = (input) => {
	using session = Session.open({ ...request, model: input, params: { temperature: null } }, null);
	const answer = session.send();
	const id: string | null = answer.id;
	const ready: number[] = poll([after(3), session.sendStream().subscribe()]);
	media.remove({ tag: "stored", val: "x" });
	try {
		complete(request, undefined);
	} catch (caught) {
		throw { tag: "hostcall", val: (caught as HostcallError).payload } satisfies RunError;
	}
	return String(id) + ready.length;
};

// @ts-expect-error QuickJS wants every argument
complete(request);
// @ts-expect-error a resource is opened, not constructed
new Session();
// @ts-expect-error enums are in kebab case
complete({ ...request, responseFormat: { tag: "jsonObject" } }, null);
// @ts-expect-error a list without a default must be there
complete({ tools: [] }, null);
// Lists that are empty when left out may be left out, or be null.
complete({ messages: [], tools: null }, { routing: { preferred: ["a"] }, requirements: {} });
`,
	);
	const flags = [
		"--ignoreConfig",
		"--noEmit",
		"--strict",
		"--exactOptionalPropertyTypes",
		"--target",
		"es2022",
		"--module",
		"esnext",
		"--moduleResolution",
		"bundler",
		"--types",
		"",
	];
	try {
		await promisify(execFile)(join(root, "node_modules", ".bin", "tsc"), [...flags, "spear-ai.d.ts", "guest.ts"], { cwd: directory });
	} catch (error) {
		assert.unreachable(String(Reflect.get(Object(error), "stdout")));
	}
	await rm(directory, { recursive: true });
});

test.run();
