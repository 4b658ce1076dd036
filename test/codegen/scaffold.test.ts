import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { insertMissing } from "../../codegen/scaffold/insert-missing.ts";
import { newBackend } from "../../codegen/scaffold/new-backend.ts";
import { projectAbi } from "../helpers/codegen.ts";

/** A project in small: what is generated, and what hand-written code is made to fill. */
const GENERATED = {
	"generated/ir/operations.ts": `export interface OperationMap { chat: { payload: string }; paint: { payload: number } }
export type Operation = keyof OperationMap;
`,
	"generated/hostcall/families.ts": `import type { Chat } from "./chat.ts";
import type { Paint } from "./paint.ts";
export const UNAVAILABLE: unique symbol = Symbol("unavailable");
export type FamilyFactory<Scope, T> = ((scope: Scope) => T) | typeof UNAVAILABLE;
export interface HostFamilies<Scope> { readonly chat: FamilyFactory<Scope, Chat>; readonly paint: FamilyFactory<Scope, Paint> }
`,
	"generated/hostcall/paint.ts": `export interface Paint { paint(colour: string): Promise<string> }
`,
	"generated/hostcall/chat.ts": `export interface Chat { complete(text: string, tries: number): Promise<string>; count(text: string): number; readonly session: SessionStatics }
export interface SessionStatics { open(name: string): Session; resume(id: string): Session }
export interface Session { readonly events: Iterable<string>; say(text: string): void; next(): Promise<string>; [Symbol.dispose](): void }
`,
	"generated/hostcall/runtime.ts": `export interface BindingContext { fault(cause: unknown): void; pause(): void }
`,
	"generated/backends/operations.ts": `import type { Operation } from "../ir/operations.ts";
export interface PaintBackend { unary(payload: number): Promise<string> }
export interface OperationBackends { chat: { unary(): void }; paint: PaintBackend }
export type BackendOperations = { readonly [O in Operation]: OperationBackends[O] | undefined };
`,
	"src/errors/spear-error.ts": `export class SpearError extends Error {
	constructor(code: "internal", message: string) {
		super(\`\${code}: \${message}\`);
	}
}
`,
};

async function project(files: {
	readonly [path: string]: string;
}): Promise<{ readonly root: string; read(path: string): Promise<string> }> {
	const root = await mkdtemp(join(tmpdir(), "spear-scaffold-"));
	for (const [path, text] of Object.entries({ ...GENERATED, ...files })) {
		await mkdir(dirname(join(root, path)), { recursive: true });
		await writeFile(join(root, path), text);
	}
	return { root, read: (path) => readFile(join(root, path), "utf8") };
}

/** The outcome's changed files, and the text of one file after the insertion. */
async function inserted(path: string, text: string): Promise<{ readonly changed: readonly string[]; readonly text: string }> {
	const { root, read } = await project({ [path]: text });
	const { changedFiles } = await insertMissing(root);
	const after = await read(path);
	await rm(root, { recursive: true });
	return { changed: changedFiles, text: after };
}

test("a family that is missing from the table of families is declared unavailable", async () => {
	const outcome = await inserted(
		"src/hostcall/families.ts",
		`import type { HostFamilies } from "../../generated/hostcall/families.ts";

export const families: HostFamilies<void> = {
	chat: () => {
		throw new Error("mine");
	} // without a comma
};
`,
	);
	assert.equal(outcome.changed, ["src/hostcall/families.ts"]);
	assert.is(
		outcome.text,
		`import type { HostFamilies } from "../../generated/hostcall/families.ts";
import { UNAVAILABLE } from "../../generated/hostcall/families.ts";

export const families: HostFamilies<void> = {
	chat: () => {
		throw new Error("mine");
	}, // without a comma
	paint: UNAVAILABLE,
};
`,
	);
});

test("an operation that a table of backends does not name is one that it does not serve", async () => {
	const outcome = await inserted(
		"src/backends/kinds/mine/index.ts",
		`import type { BackendOperations } from "../../../../generated/backends/operations.ts";

export const operations: BackendOperations = { chat: undefined };
`,
	);
	assert.is(
		outcome.text,
		`import type { BackendOperations } from "../../../../generated/backends/operations.ts";

export const operations: BackendOperations = { chat: undefined,
	paint: undefined,
};
`,
	);
});

test("a table of one's own over all operations gets a function that throws", async () => {
	const outcome = await inserted(
		"src/normalize/normalizers.ts",
		`import type { Operation } from "../../generated/ir/operations.ts";
import { chat } from "./chat.ts";

export const normalizers: { readonly [O in Operation]: (payload: string) => string } = {
	chat,
};
`,
	);
	assert.is(
		outcome.text,
		`import type { Operation } from "../../generated/ir/operations.ts";
import { SpearError } from "../errors/spear-error.ts";
import { chat } from "./chat.ts";

export const normalizers: { readonly [O in Operation]: (payload: string) => string } = {
	chat,
	paint(_payload) {
		throw new SpearError("internal", "\`normalizers.paint\` is not written yet");
	},
};
`,
	);
});

test("an implementation in an object literal gets its missing functions, those inside it too", async () => {
	const outcome = await inserted(
		"src/hostcall/chat.ts",
		`import type { Chat } from "../../generated/hostcall/chat.ts";
import { SpearError } from "../errors/spear-error.ts";

export function createChat(): Chat {
	return {
		count(text) { return   text.length; },
		session: {
			open() {
				throw new SpearError("internal", "mine");
			},
		},
	};
}
`,
	);
	assert.is(
		outcome.text,
		`import type { Chat } from "../../generated/hostcall/chat.ts";
import { SpearError } from "../errors/spear-error.ts";

export function createChat(): Chat {
	return {
		count(text) { return   text.length; },
		session: {
			open() {
				throw new SpearError("internal", "mine");
			},
			resume(_id) {
				throw new SpearError("internal", "\`SessionStatics.resume\` is not written yet");
			},
		},
		async complete(_text, _tries) {
			throw new SpearError("internal", "\`Chat.complete\` is not written yet");
		},
	};
}
`,
	);
});

test("a class gets the members of the interface it implements, typed by the interface", async () => {
	const outcome = await inserted(
		"src/hostcall/session.ts",
		`import type { Session } from "../../generated/hostcall/chat.ts";

export class MySession implements Session {
	say(text: string): void {
		console.log(text);
	}
}
`,
	);
	assert.is(
		outcome.text,
		`import type { Session } from "../../generated/hostcall/chat.ts";
import { SpearError } from "../errors/spear-error.ts";

export class MySession implements Session {
	say(text: string): void {
		console.log(text);
	}

	get events(): Session["events"] {
		throw new SpearError("internal", "\`Session.events\` is not written yet");
	}

	async next(): ReturnType<Session["next"]> {
		throw new SpearError("internal", "\`Session.next\` is not written yet");
	}

	[Symbol.dispose](): ReturnType<Session[typeof Symbol.dispose]> {
		throw new SpearError("internal", "\`Session.[Symbol.dispose]\` is not written yet");
	}
}
`,
	);
});

test("what is complete, inherited, spread in or not of a generated interface is left as it is", async () => {
	const text = `import type { BackendOperations } from "../generated/backends/operations.ts";
import type { Session } from "../generated/hostcall/chat.ts";
import type { BindingContext } from "../generated/hostcall/runtime.ts";

interface Own { a: number; b: number }
declare const own: Own;
export const half: Partial<Own> = { a: 1 };
export const copy: Own = { ...own };
export const partial: Partial<BackendOperations> = { chat: undefined };
declare const base: BackendOperations;
export const spread: BackendOperations = { ...base, chat: undefined };
export const context: Partial<BindingContext> = { fault() {} };
class Base {
	readonly events = [];
	say(): void {}
	async next(): Promise<string> { return ""; }
	[Symbol.dispose](): void {}
}
export class Derived extends Base implements Session {}
`;
	const outcome = await inserted("src/all.ts", text);
	assert.equal(outcome.changed, []);
	assert.is(outcome.text, text);
});

test("a second run finds nothing to do", async () => {
	const { root, read } = await project({
		"src/families.ts":
			'import type { HostFamilies } from "../generated/hostcall/families.ts";\n\nexport const families: HostFamilies<void> = {};\n',
	});
	const first = await insertMissing(root);
	assert.equal(first.inserted, [
		{ file: "src/families.ts", owner: "HostFamilies", member: "chat" },
		{ file: "src/families.ts", owner: "HostFamilies", member: "paint" },
	]);
	const text = await read("src/families.ts");
	assert.equal(await insertMissing(root), { changedFiles: [], inserted: [] });
	assert.is(await read("src/families.ts"), text);
	await rm(root, { recursive: true });
});

test("a new backend is written once and never overwritten", async () => {
	const { root, read } = await project({ "src/backends/kinds/my-kind/emb.ts": "// mine\n" });
	const abi = await projectAbi();
	assert.equal(await newBackend(root, abi, "my-kind", ["embeddings", "speech_to_text"]), {
		created: ["src/backends/kinds/my-kind/index.ts", "src/backends/kinds/my-kind/asr.ts"],
		kept: ["src/backends/kinds/my-kind/emb.ts"],
	});
	assert.is(await read("src/backends/kinds/my-kind/emb.ts"), "// mine\n");
	assert.equal((await newBackend(root, abi, "my-kind", ["embeddings"])).created, []);
	await rm(root, { recursive: true });
});

test.run();
