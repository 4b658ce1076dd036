import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { checkLayers } from "../../scripts/check-layers.ts";
import { ROOT } from "../helpers/guest.ts";

/** What the check says of a small tree that holds these files. */
function violationsIn(files: Readonly<Record<string, string>>): string[] {
	const root = mkdtempSync(join(tmpdir(), "spear-layers-"));
	try {
		for (const folder of ["codegen", "generated", "src"]) mkdirSync(join(root, folder));
		for (const [path, text] of Object.entries(files)) {
			mkdirSync(dirname(join(root, path)), { recursive: true });
			writeFileSync(join(root, path), text);
		}
		return checkLayers(root).map(({ at, message }) => `${at}: ${message}`);
	} finally {
		rmSync(root, { recursive: true, force: true });
	}
}

test("the project keeps its own rules", () => {
	assert.equal(checkLayers(ROOT), []);
});

test("an import turned upside down in the real sources is found", () => {
	const root = mkdtempSync(join(tmpdir(), "spear-layers-"));
	try {
		for (const folder of ["codegen", "generated", "src"]) cpSync(join(ROOT, folder), join(root, folder), { recursive: true });
		writeFileSync(
			join(root, "src/router/upside-down.ts"),
			'import { createCchat } from "../hostcall/cchat.ts";\nexport const up = createCchat;\n',
		);
		assert.equal(checkLayers(root), [
			{ at: "src/router/upside-down.ts:1", message: "router may import nothing of hostcall: src/hostcall/cchat.ts" },
		]);
	} finally {
		rmSync(root, { recursive: true, force: true });
	}
});

test("normalize imports neither the router nor a backend", () => {
	assert.equal(
		violationsIn({ "src/normalize/x.ts": 'import "../router/router.ts";\nimport type { A } from "../backends/backend.ts";\n' }),
		[
			"src/normalize/x.ts:1: normalize may import nothing of router: src/router/router.ts",
			"src/normalize/x.ts:2: normalize may import nothing of backend-contract: src/backends/backend.ts",
		],
	);
});

test("the router knows backends by their interface only", () => {
	assert.equal(violationsIn({ "src/router/x.ts": 'import type { Backend } from "../backends/backend.ts";\n' }), []);
	assert.equal(violationsIn({ "src/router/x.ts": 'import { Backend } from "../backends/backend.ts";\n' }), [
		"src/router/x.ts:1: router may import only types of backend-contract: src/backends/backend.ts",
	]);
	assert.equal(violationsIn({ "src/router/x.ts": 'import { stub } from "../backends/kinds/stub/index.ts";\n' }), [
		"src/router/x.ts:1: router may import nothing of backend-kind: src/backends/kinds/stub/index.ts",
	]);
});

test("a backend kind never imports another", () => {
	assert.equal(violationsIn({ "src/backends/kinds/a/x.ts": 'export * from "../b/y.ts";\n' }), [
		"src/backends/kinds/a/x.ts:1: a backend kind never imports another; kinds share protocols: src/backends/kinds/b/y.ts",
	]);
});

test("an emitter imports what all share, and nothing of another emitter", () => {
	assert.equal(
		violationsIn({
			"codegen/emit/all.ts": 'import "./docs/index.ts";\n',
			"codegen/emit/docs/index.ts": 'import "../kit/header.ts";\nimport "../emitter.ts";\nimport "../ir/index.ts";\n',
		}),
		["codegen/emit/docs/index.ts:3: an emitter never imports another; emitters share the model and emit/kit: codegen/emit/ir/index.ts"],
	);
});

test("an ABI's bindings import the interfaces of a host, and these know no ABI", () => {
	assert.equal(violationsIn({ "generated/abi/core/x.ts": 'import { sites } from "../../hostcall/cchat.ts";\n' }), []);
	assert.equal(
		violationsIn({
			"generated/hostcall/x.ts": 'import type { Handle } from "../abi/component/runtime.ts";\n',
			"src/hostcall/x.ts": 'import type * as wit from "../../generated/abi/component/wit/cchat.ts";\n',
		}),
		[
			"generated/hostcall/x.ts:1: generated may import nothing of generated-abi: generated/abi/component/runtime.ts",
			"src/hostcall/x.ts:1: hostcall may import nothing of generated-abi: generated/abi/component/wit/cchat.ts",
		],
	);
});

test("only the transport imports undici", () => {
	assert.equal(violationsIn({ "src/transport/http/client.ts": 'import { Agent } from "undici";\n' }), []);
	assert.equal(violationsIn({ "src/backends/kinds/a/x.ts": 'import { Agent } from "undici";\n' }), [
		"src/backends/kinds/a/x.ts:1: backend-kind may not import the package undici",
	]);
});

test("codegen imports neither src nor generated, and a dynamic import counts", () => {
	assert.equal(violationsIn({ "codegen/x.ts": 'const a = await import("../generated/ir/cchat.ts");\nimport "../src/index.ts";\n' }), [
		"codegen/x.ts:1: codegen may import nothing of generated: generated/ir/cchat.ts",
		"codegen/x.ts:2: codegen may import nothing of public: src/index.ts",
	]);
});

test("a file without a layer is pointed out", () => {
	assert.equal(violationsIn({ "src/stray.ts": "" }), ["src/stray.ts:1: belongs to no layer; give its folder a place in scripts/layers.ts"]);
});

test("a cycle of imports is named from file to file, once, and a type-only import closes it too", () => {
	assert.equal(
		violationsIn({
			"src/router/b.ts": 'import { c } from "./c.ts";\n',
			"src/router/c.ts": 'import { a } from "./a.ts";\n',
			"src/router/a.ts": 'import type { B } from "./b.ts";\nimport "./own.ts";\n',
			"src/router/own.ts": 'export * from "./own.ts";\n',
			"src/router/outside.ts": 'import "./a.ts";\n',
		}),
		[
			"src/router/a.ts:1: imports itself: src/router/a.ts → src/router/b.ts → src/router/c.ts → src/router/a.ts",
			"src/router/own.ts:1: imports itself: src/router/own.ts → src/router/own.ts",
		],
	);
});

test("two cycles through one file are two", () => {
	assert.equal(
		violationsIn({
			"codegen/hub.ts": 'import "./x.ts";\nimport "./y.ts";\n',
			"codegen/x.ts": 'export { hub } from "./hub.ts";\n',
			"codegen/y.ts": 'const hub = import("./hub.ts");\n',
		}),
		[
			"codegen/hub.ts:1: imports itself: codegen/hub.ts → codegen/x.ts → codegen/hub.ts",
			"codegen/hub.ts:1: imports itself: codegen/hub.ts → codegen/y.ts → codegen/hub.ts",
		],
	);
});

test.run();
