/**
 * A new hostcall family requires one WIT file and one run of the generator. The compiler then names exactly the members that have to be
 * written by hand, and `--scaffold` adds exactly those.
 */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { runCli } from "../../codegen/cli.ts";
import { inScratch, put, treeOf } from "../codegen/write/scratch.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

const RERANK = `package spear:ai@0.1.0;

/// Reranking: orders texts by how well they answer a question.
///
/// @operation text_reranking
@since(version = 0.1.0)
interface rerank {
    use types.{call-options, error};
    use poll.{pollable};

    /// Everything one reranking request carries.
    ///
    /// @payload
    @since(version = 0.1.0)
    record request {
        /// The question.
        query: string,
        /// The texts to order.
        ///
        /// @min-items 1
        texts: list<string>,
        /// Give back the texts too.
        ///
        /// @feature supports_returned_texts
        return-texts: option<bool>,
    }

    /// One text's place.
    @since(version = 0.1.0)
    record ranked {
        /// Position of the text in the request.
        index: u32,
        /// How well it answers.
        score: f64,
    }

    /// The texts in order.
    ///
    /// @result
    @since(version = 0.1.0)
    record response {
        /// Best first.
        ranking: list<ranked>,
    }

    /// What a stream delivers.
    @since(version = 0.1.0)
    variant event {
        /// The next best.
        ranked(ranked),
        /// The end: the whole order.
        completed(response),
        /// The end: what went wrong.
        failed(error),
    }

    /// An order as it is found. Dropping the handle cancels the upstream request.
    ///
    /// @stream event
    @since(version = 0.1.0)
    resource event-stream {
        /// Waits for the next event.
        ///
        /// @blocking
        @since(version = 0.1.0)
        next: func() -> result<event, error>;

        /// The next event if one is there.
        @since(version = 0.1.0)
        try-next: func() -> result<option<event>, error>;

        /// Becomes ready when \`next\` would not wait.
        @since(version = 0.1.0)
        subscribe: func() -> pollable;
    }

    /// Orders the texts and waits for the whole order.
    ///
    /// @blocking
    @since(version = 0.1.0)
    rerank: func(request: request, options: option<call-options>) -> result<response, error>;

    /// The same, delivered as it is found.
    ///
    /// @blocking
    @since(version = 0.1.0)
    rerank-stream: func(request: request, options: option<call-options>) -> result<event-stream, error>;
}
`;

/** Runs a test in a copy of the project to which the family was added, with generated code. */
async function inGrownProject(body: (dir: string, created: readonly string[]) => void | Promise<void>): Promise<void> {
	await inScratch(async (dir) => {
		for (const name of ["wit", "codegen/codegen.config.json", "generated", "src", "tsconfig.json", "package.json"]) {
			fs.cpSync(path.join(ROOT, name), path.join(dir, name), { recursive: true });
		}
		fs.symlinkSync(path.join(ROOT, "node_modules"), path.join(dir, "node_modules"));
		put(dir, "wit/rerank.wit", RERANK);
		await body(dir, await generate(dir));
	});
}

/** Runs the generator on the copy. Returns the files that it created. */
async function generate(dir: string, ...args: readonly string[]): Promise<string[]> {
	const places = { "--wit": "wit", "--out": "generated", "--config": "codegen/codegen.config.json" };
	const options = Object.entries(places).flatMap(([option, place]) => [option, path.join(dir, place)]);
	let printed = "";
	const print = (text: string): void => {
		printed += text;
	};
	const context = { stdout: print, stderr: print, color: false, overrides: { relativeTo: dir } };
	assert.is(await runCli([...options, "--format", "json", ...args], context), 0, printed);
	return [...JSON.parse(printed).written.created];
}

/** Returns the errors of the compiler: `file: missing property`, or `file: message` for any other error. */
function compile(dir: string): string[] {
	const tsc = path.join(ROOT, "node_modules/.bin/tsc");
	// One thread takes less CPU time in all, and a second run checks only what has changed.
	const flags = ["--singleThreaded", "--incremental", "--tsBuildInfoFile", path.join(dir, "tsbuildinfo.json")];
	const { stdout } = spawnSync(tsc, ["-p", "tsconfig.json", "--pretty", "false", ...flags], { cwd: dir, encoding: "utf8" });
	const errors = stdout.split(/^(?=\S+\(\d+,\d+\): error )/m).filter((text) => text.trim() !== "");
	return errors.map((text) => {
		const file = text.slice(0, text.indexOf("("));
		const missing = /Property '([^']+)' is missing in type/.exec(text)?.[1];
		return `${file}: ${missing ?? text}`;
	});
}

/** Returns the sources with a table of the operations that a backend serves: each kind's own, or that of its protocol. */
function operationTables(dir: string): string[] {
	const sources = fs.readdirSync(path.join(dir, "src/backends"), { recursive: true, encoding: "utf8" });
	return sources
		.map((file) => `src/backends/${file.replaceAll("\\", "/")}`)
		.filter((file) => /^src\/backends\/(?:kinds|protocols|kit)\/.*\.ts$/.test(file))
		.filter((file) => fs.readFileSync(path.join(dir, file), "utf8").includes("operations: {"));
}

test("a new family is generated from one WIT file, except for members that the compiler names and --scaffold adds", async () => {
	await inGrownProject(async (dir, created) => {
		assert.equal([...created].sort(), [
			"generated/abi/component/convert/rerank.ts",
			"generated/abi/component/lowering/rerank.ts",
			"generated/abi/component/rerank.ts",
			"generated/abi/component/wit/rerank.ts",
			"generated/backends/text-reranking.ts",
			"generated/docs/rerank.md",
			"generated/guest/wit/rerank.wit",
			"generated/hostcall/rerank.ts",
			"generated/ir/fields/rerank.ts",
			"generated/ir/rerank.ts",
			"generated/ir/wire/rerank.ts",
			"generated/schema/check/rerank.js",
			"generated/schema/rerank.schema.json",
			"generated/schema/validate-wire/rerank.d.ts",
			"generated/schema/validate-wire/rerank.js",
			"generated/schema/validate/rerank.d.ts",
			"generated/schema/validate/rerank.js",
		]);
		const tree = treeOf(path.join(dir, "generated"));
		for (const [file, text] of [
			["hostcall/rerank.ts", "subscribe(): Readiness;"],
			["abi/component/rerank.ts", "export function bindRerank"],
			["abi/component/imports.ts", `"spear:ai/rerank": bindRerank(`],
			["hostcall/families.ts", "readonly rerank: FamilyFactory<"],
			["ir/operations.ts", "text_reranking"],
			["ir/operations.ts", `"supports_returned_texts"`],
			["ir/fields/rerank.ts", `"return_texts": boolean`],
			["ir/rerank.ts", "return_texts?: boolean"],
			["schema/operations.schema.json", "text_reranking"],
			["backends/text-reranking.ts", "export interface TextRerankingBackend"],
			["guest/spear-ai.d.ts", `declare module "spear:ai/rerank@0.1.0"`],
			["docs/README.md", "(rerank.md)"],
			["docs/rerank.md", "rerank-stream"],
		] as const) {
			assert.ok(tree[file]?.includes(text), `generated/${file} must mention ${text}`);
		}
		assert.match(fs.readFileSync(path.join(dir, "wit/abi.lock.json"), "utf8"), `"rerank.rerank-stream"`);

		// A kind whose operations share parts names them twice.
		const byHand = [...new Set(compile(dir))].sort();
		assert.equal(byHand, [
			...operationTables(dir)
				.map((file) => `${file}: text_reranking`)
				.sort(),
			"src/hostcall/families.ts: rerank",
			"src/normalize/normalizers.ts: text_reranking",
			"src/normalize/opaque-parts.ts: text_reranking",
			"src/normalize/size-estimators.ts: text_reranking",
		]);

		const written = treeOf(path.join(dir, "src"));
		await generate(dir, "--scaffold");
		assert.equal(compile(dir), []);
		const scaffolded = treeOf(path.join(dir, "src"));
		const changed = Object.keys(scaffolded).filter((file) => scaffolded[file] !== written[file]);
		assert.equal(
			changed.map((file) => `src/${file}`),
			byHand.map((line) => line.slice(0, line.indexOf(":"))),
		);
		for (const file of changed)
			assert.ok(onlyAdds(written[file] ?? "", scaffolded[file] ?? ""), `src/${file} must keep every line it had, in order`);
	});
});

/** Returns true if `after` contains every line of `before`, in the same order. */
function onlyAdds(before: string, after: string): boolean {
	const lines = after.split("\n");
	let at = -1;
	return before.split("\n").every((line) => {
		at = lines.indexOf(line, at + 1);
		return at >= 0;
	});
}

test.run();
