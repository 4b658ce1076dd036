import * as fs from "node:fs";
import * as path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ROOT } from "../../helpers/guest.ts";
import { inProject, LEDGER } from "./project.ts";

test("help and wrong usage", async () => {
	await inProject(async (project) => {
		const help = await project.run(["--help"]);
		assert.is(help.code, 0);
		for (const command of ["generate", "check", "watch", "init", "fmt", "lint", "breaking", "explain", "ls-targets"])
			assert.match(help.out, command);
		for (const args of [["--nope"], ["fmt", "--nope"], ["breaking"], ["lint", "a", "b"], ["generate", "--format", "xml"]]) {
			const { code, err } = await project.run(args);
			assert.is(code, 2, args.join(" "));
			assert.match(err, "--help shows all options", args.join(" "));
		}
	});
});

test("init writes a configuration and a world, and leaves what is there", async () => {
	await inProject(async (project) => {
		const first = await project.run(["init"]);
		assert.is(first.code, 0);
		assert.match(first.out, "wrote spear-codegen.json\nwrote wit/world.wit\n");
		JSON.parse(project.read("spear-codegen.json"));
		assert.is((await project.run(["lint"])).err, "no faults found\n");
		assert.is((await project.run(["fmt", "--check"])).code, 0);
		project.put("wit/world.wit", LEDGER);
		const second = await project.run(["init"]);
		assert.match(second.out, "left spear-codegen.json as it is\n");
		assert.is(project.read("wit/world.wit"), LEDGER);
	}, "");
});

test("generate writes all targets, the next run has nothing to do, and check finds what is out of date", async () => {
	await inProject(async (project) => {
		project.put("spear-codegen.json", `{ "targets": ["json"], "out": "made" }`);
		fs.mkdirSync(project.path("node_modules"));
		const first = await project.run([]);
		assert.is(first.code, 0, first.err);
		assert.match(first.out, "made/ is written: 2 files, 2 created");
		assert.match((await project.run([])).out, "made/ is current: 2 files");
		assert.is((await project.run(["check"])).code, 0);
		project.put("wit/ledger.wit", LEDGER.replace("Books a posting.", "Books it."));
		const check = await project.run(["check"]);
		assert.is(check.code, 100);
		assert.match(check.out, "+++ b/made/model.json");
		assert.match(check.err, "run `spear-codegen`");
		const annotated = await project.run(["check", "--format", "github"]);
		assert.is(annotated.code, 100);
		assert.match(annotated.out, "made/model.json");
		assert.match(annotated.out, "generated-out-of-date");
		assert.match((await project.run(["--format", "json"])).out, '"created": []');
		assert.match(project.read("made/model.json"), "Books it.");
	});
});

test("several packages go to folders of their own", async () => {
	await inProject(async (project) => {
		project.put("other/b.wit", "package my:other;\ninterface i { f: func(); }\n");
		project.put("spear-codegen.json", `{ "wit": ["wit", "other"], "targets": ["json"] }`);
		assert.is((await project.run([])).code, 0);
		assert.ok(project.has("generated/bank-ledger/model.json"));
		assert.ok(project.has("generated/my-other/model.json"));
		assert.is((await project.run(["other", "wit", "--target", "json", "--out", "both"])).code, 0);
		assert.ok(project.has("both/my-other/model.json"));
	});
});

test("faults in WIT are shown with their place, and nothing is written", async () => {
	await inProject(
		async (project) => {
			for (const format of ["text", "json", "github", "junit", "sarif"]) {
				const { code, out, err } = await project.run(["--target", "json", "--format", format]);
				assert.is(code, 100);
				assert.match(format === "text" ? err : out, "unknown-type", format);
			}
			assert.not.ok(project.has("generated"));
		},
		LEDGER.replace("posting: posting", "posting: postng"),
	);
});

test("a wrong configuration is shown with its place", async () => {
	await inProject(async (project) => {
		const cases: readonly (readonly [text: string, message: string])[] = [
			['{ "target": ["json"] }', "1:3: error[invalid-config]: `target` is not a member"],
			['{ "targets": ["jsn"] }', "1:15: error[invalid-config]: there is no target `jsn`"],
			['{ "targets": [] }', "must be a list of texts, with one at least"],
			['{ "out": 3 }', "`out` must be a directory"],
			['{ "profile": "mine" }', "there is no such profile"],
			["{ ", "this is not JSON"],
			["[]", "the configuration must be an object"],
		];
		for (const [text, message] of cases) {
			project.put("spear-codegen.json", text);
			const { code, err } = await project.run([]);
			assert.is(code, 100, text);
			assert.match(err, message);
		}
		assert.match((await project.run(["--config", "none.json"])).err, "cannot read the configuration");
		fs.rmSync(project.path("spear-codegen.json"));
		assert.match((await project.run(["--target", "jsn"])).err, "there is no target `jsn`");
		assert.match((await project.run(["nowhere", "--target", "json"])).err, "cannot read WIT from nowhere: it does not exist");
		const mistyped = await project.run(["chekc"]);
		assert.is(mistyped.code, 2);
		assert.match(mistyped.err, "there is no command and no directory `chekc`; did you mean `spear-codegen check`?");
	});
});

test("the example of an emitter of one's own", async () => {
	await inProject(async (project) => {
		fs.copyFileSync(path.join(ROOT, "examples/emitter/function-list.ts"), project.path("function-list.ts"));
		project.put("spear-codegen.json", `{ "targets": ["json"], "emitters": ["function-list.ts"] }`);
		const { code, err } = await project.run([]);
		assert.is(code, 0, err);
		assert.is(
			project.read("generated/functions.md"),
			"| interface | function | parameters |\n| --- | --- | --- |\n| accounts | book | posting |\n",
		);
	});
});

test("an emitter that is none, fails, leaves the output or writes a file twice", async () => {
	await inProject(async (project) => {
		const cases: readonly (readonly [text: string, message: string])[] = [
			["export const a = 1;", "has no emitter: export a function"],
			["export default () => { throw new Error('broken'); };", "failed: Error: broken"],
			["export default (model, output) => output.write('../x', '');", "which is not inside the output"],
			["export default (model, output) => output.write('model.json', '');", "both write 'model.json'"],
			["syntax error", "cannot load the emitter"],
		];
		for (const [index, [text, message]] of cases.entries()) {
			project.put(`own-${index}.mjs`, text);
			project.put("spear-codegen.json", `{ "targets": ["json"], "emitters": ["own-${index}.mjs"] }`);
			const { code, err } = await project.run([]);
			assert.ok(code === 1 || code === 2, text);
			assert.match(err, message);
			assert.not.match(err, "Please report");
		}
		assert.not.ok(project.has("generated"));
	});
});

test("fmt formats files, standard input, and leaves faulty files alone", async () => {
	await inProject(async (project) => {
		const untidy = LEDGER.replaceAll("    ", "\t");
		project.put("wit/ledger.wit", untidy);
		project.put("wit/deps/x/x.wit", "package x:x;interface i{}");
		const check = await project.run(["fmt", "--check"]);
		assert.is(check.code, 100);
		assert.is(check.out, "wit/ledger.wit\n");
		assert.is(project.read("wit/ledger.wit"), untidy);
		assert.is((await project.run(["fmt"])).code, 0);
		assert.is(project.read("wit/ledger.wit"), LEDGER);
		assert.is(project.read("wit/deps/x/x.wit"), "package x:x;interface i{}");
		assert.is((await project.run(["fmt", "-"], { stdin: untidy })).out, LEDGER);
		project.put("wit/ledger.wit", untidy.replace("record", "recrod"));
		assert.is((await project.run(["fmt"])).code, 100);
		assert.match(project.read("wit/ledger.wit"), "recrod");
		assert.is((await project.run(["fmt", "nowhere"])).code, 2);
	});
});

test("lint tells what lacks documentation, and fails for faults only", async () => {
	await inProject(
		async (project) => {
			const { code, err } = await project.run(["lint"]);
			assert.is(code, 0);
			assert.match(err, "warning[");
			assert.is((await project.run(["lint", "--profile", "spear"])).code, 100);
		},
		LEDGER.replace("    /// Books a posting.\n", ""),
	);
});

test("breaking compares with a directory, and the version decides", async () => {
	await inProject(async (project) => {
		project.put("before/ledger.wit", LEDGER);
		assert.is((await project.run(["breaking", "--against", "before"])).err, "nothing has changed\n");
		const changed = LEDGER.replace("cents: s64", "cents: s32");
		project.put("wit/ledger.wit", changed);
		const broken = await project.run(["breaking", "--against", "before"]);
		assert.is(broken.code, 100);
		assert.match(broken.err, "1 breaking change; the version must be at least 2.0.0");
		assert.match(broken.err, "wit/ledger.wit:");
		project.put("wit/ledger.wit", changed.replace("@1.0.0", "@2.0.0"));
		const allowed = await project.run(["breaking", "--against", "before"]);
		assert.is(allowed.code, 0);
		assert.match(allowed.err, "version 2.0.0 allows that");
		const { findings } = JSON.parse((await project.run(["breaking", "--against", "before", "--format", "json"])).out);
		assert.is(findings.length > 0, true);
		assert.is((await project.run(["breaking", "--against", "nowhere"])).code, 2);
	});
});

test("breaking compares hostcalls of core modules by rules of their own: with a directory and with their lock", async () => {
	await inProject(async (project) => {
		fs.cpSync(path.join(ROOT, "wit/spear-core"), project.path("before"), { recursive: true });
		fs.cpSync(path.join(ROOT, "wit/spear-core"), project.path("core"), { recursive: true });
		const log = project.read("core/log.wit");
		project.put("core/log.wit", log.replace("warn,", "warning,").replace("@core-import log", "@core-import log_line"));
		for (const state of ["before", "before/abi.lock.json"]) {
			assert.is((await project.run(["breaking", "before", "--against", state])).err, "nothing has changed\n");
			const { code, out, err } = await project.run(["breaking", "core", "--against", state]);
			assert.is(code, 100);
			assert.match(out + err, "core-import-renamed");
			assert.match(out + err, "core/log.wit:");
			assert.match(err, "the version must be at least 0.2.0");
		}
		assert.match((await project.run(["breaking", "before", "--against", path.join(ROOT, "wit/abi.lock.json")])).err, "is not a lock");
		project.put("core/log.wit", log.replace("@core-import log", "@core-import"));
		const faulty = await project.run(["breaking", "core", "--against", "before"]);
		assert.is(faulty.code, 100);
		assert.match(faulty.out + faulty.err, "core/log.wit:");
		assert.match((await project.run(["breaking", "before", "--against", "core"])).err, "the WIT of");
	});
});

test("explain and ls-targets, for people and for programs", async () => {
	await inProject(async (project) => {
		assert.match((await project.run(["explain", "unknown-type"])).out, "unknown-type: Unknown type\n\n");
		assert.is(JSON.parse((await project.run(["explain", "unknown-type", "--json"])).out).code, "unknown-type");
		assert.match((await project.run(["explain"])).out, "unknown-type  ");
		const wrong = await project.run(["explain", "unknwon-type"]);
		assert.is(wrong.code, 2);
		assert.match(wrong.err, "did you mean `unknown-type`?");
		assert.match((await project.run(["ls-targets"])).out, "json ");
		assert.ok(JSON.parse((await project.run(["ls-targets", "--json"])).out).length > 0);
	});
});

test("watch runs at each change, survives faults, and ends with the signal", async () => {
	await inProject(async (project) => {
		const stop = new AbortController();
		const watching = project.run(["watch", "--target", "json"], { signal: stop.signal });
		const until = async (holds: () => boolean): Promise<void> => {
			while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
		};
		const written = (text: string): boolean => project.has("generated/model.json") && project.read("generated/model.json").includes(text);
		await until(() => written("Books a posting."));
		// The watcher begins after the first run.
		await new Promise((resolve) => setTimeout(resolve, 100));
		project.put("wit/ledger.wit", LEDGER.replace("interface", "intreface"));
		await new Promise((resolve) => setTimeout(resolve, 300));
		project.put("wit/ledger.wit", LEDGER.replace("Books a posting.", "Books it."));
		await until(() => written("Books it."));
		stop.abort();
		const { code, err } = await watching;
		assert.is(code, 130);
		assert.match(err, "changed: wit/ledger.wit");
		assert.match(err, "error[");
	});
});

test("watch sees files that are replaced, as editors do, and those of a directory that is new", async () => {
	await inProject(async (project) => {
		const stop = new AbortController();
		const watching = project.run(["watch", "--target", "json"], { signal: stop.signal });
		const until = async (text: string): Promise<void> => {
			while (!project.has("generated/model.json") || !project.read("generated/model.json").includes(text))
				await new Promise((resolve) => setTimeout(resolve, 10));
		};
		const replace = (docs: string): void => {
			project.put("wit/ledger.wit.new", LEDGER.replace("Books a posting.", docs));
			fs.renameSync(project.path("wit/ledger.wit.new"), project.path("wit/ledger.wit"));
		};
		await until("Books a posting.");
		replace("Books it.");
		await until("Books it.");
		replace("Books it twice.");
		await until("Books it twice.");
		project.put("wit/deps/other/other.wit", "package my:other;\ninterface other { first: func(); }\n");
		replace("Books a posting.");
		await until("Books a posting.");
		project.put("wit/deps/other/other.wit", "package my:other;\ninterface other { second: func(); }\n");
		await until("second");
		stop.abort();
		assert.is((await watching).code, 130);
	});
});

test.run();
