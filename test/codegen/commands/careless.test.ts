/** What a careless or unlucky user does: each mistake is told in words, with the exit code that is documented, and without a stack. */
import { execFileSync, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ROOT } from "../../helpers/guest.ts";
import { inProject, LEDGER, type Project } from "./project.ts";

async function fails(project: Project, args: readonly string[], words: RegExp, code = 2): Promise<void> {
	const ran = await project.run(args);
	assert.match(ran.err, words, args.join(" "));
	assert.not.match(ran.err, /\n {4}at /);
	assert.is(ran.code, code, `${args.join(" ")}: ${ran.err}`);
}

test("an empty value on the command line is not the working directory", async () => {
	await inProject(async (project) => {
		for (const args of [["--out", ""], ["--config", ""], [""]]) await fails(project, [...args, "--target", "json"], /is empty/);
		await fails(project, ["breaking", "--against", ""], /--against is empty/);
		assert.equal(fs.readdirSync(project.directory), ["wit"]);
	});
});

test("nothing is generated among the WIT, nor into the root of a disk", async () => {
	await inProject(async (project) => {
		for (const out of ["wit", "wit/made", "/"]) await fails(project, ["--target", "json", "--out", out], /cannot generate into/);
		assert.equal(fs.readdirSync(project.path("wit")), ["ledger.wit"]);
	});
});

test("an output with files of others leaves them alone", async () => {
	await inProject(async (project) => {
		project.put("notes.md", "mine");
		assert.is((await project.run(["--target", "json", "--out", "."])).code, 0);
		assert.is(project.read("notes.md"), "mine");
		project.put("file", "mine");
		await fails(project, ["--target", "json", "--out", "file"], /`file` is a file, not a directory/, 100);
	});
});

test("faults of a configuration", async () => {
	await inProject(async (project) => {
		for (const [text, words] of [
			["", /this is not JSON[\s\S]*value expected/],
			[`{ "out": "a\\u0000b" }`, /`out` must be a directory/],
			[`{ "wit": ["a\\u0000b"] }`, /`wit` must be a list of texts/],
		] as const) {
			project.put("spear-codegen.json", text);
			await fails(project, [], words, 100);
		}
		project.put("spear-codegen.json", `\uFEFF{ "targets": ["json"] }`);
		assert.is((await project.run([])).code, 0);
		fs.rmSync(project.path("spear-codegen.json"));
		execFileSync("mkfifo", [project.path("spear-codegen.json")]);
		await fails(project, [], /is not a regular file/);
		await fails(project, ["--config", "wit"], /is a directory/);
	});
});

test("two packages of one folder", async () => {
	await inProject(async (project) => {
		project.put("other/a.wit", LEDGER);
		project.put("third/a.wit", "package bank-of:x;\n");
		project.put("fourth/a.wit", "package bank:of-x;\n");
		await fails(project, ["wit", "other", "--target", "json"], /`bank:ledger` in wit and `bank:ledger` in other would both/);
		await fails(project, ["third", "fourth", "--target", "json"], /would both be written to bank-of-x\//);
	});
});

test("faults of an emitter", async () => {
	await inProject(async (project) => {
		for (const [body, words] of [
			[`output.write("A.txt", ""); output.write("a.txt", "")`, /differ in more than case/],
			[`output.write("manifest.json", "")`, /the manifest/],
			[`output.write("x", ""); output.write("x/y", "")`, /a file below it/],
			[`output.write("con.txt", "")`, /not inside the output/],
			[`output.write("a\\0b", "")`, /not inside the output/],
			[`output.write("a".repeat(300), "")`, /not inside the output/],
			[`output.write("x", 3)`, /a text or bytes/],
			[`output.write(3, "x")`, /a text or bytes/],
		] as const) {
			const file = `emitter-${words.source.length}-${body.length}.mjs`;
			project.put(file, `export default (model, output) => { ${body}; };`);
			project.put("spear-codegen.json", JSON.stringify({ targets: ["json"], emitters: [file] }));
			await fails(project, [], words, 1);
		}
		assert.not(project.has("generated"));
	});
});

test("pipes, links and large files among the WIT", async () => {
	await inProject(async (project) => {
		fs.mkdirSync(project.path("node_modules"));
		fs.mkdirSync(project.path("wit/deps"));
		for (const name of ["wit/a.wit", "wit/deps/b.wit", "pipe"]) execFileSync("mkfifo", [project.path(name)]);
		fs.symlinkSync("/dev/zero", project.path("wit/c.wit"));
		fs.symlinkSync("/dev/zero", project.path("wit/deps/d.wit"));
		assert.is((await project.run(["--target", "json"])).code, 0);
		await fails(project, ["breaking", "--against", "pipe"], /the WIT of .*pipe cannot be read/);
		await fails(project, ["lint", "pipe"], /cannot read WIT from pipe/);
		fs.writeFileSync(project.path("wit/large.wit"), "");
		fs.truncateSync(project.path("wit/large.wit"), 3e9);
		await fails(project, ["lint"], /large.wit:1:1: error\[file-too-large\]/, 100);
	});
});

test("a reference of git is never an option or a command", async () => {
	await inProject(async (project) => {
		execFileSync("git", ["init", "-q", project.directory]);
		for (const ref of [
			"-x",
			"--help",
			"--output=made",
			"$(touch made)",
			"`touch made`",
			"a\nb",
			"HEAD",
			"HEAD^",
			"HEAD:wit",
			"@{upstream}",
		])
			await fails(project, ["breaking", `--against=${ref}`], /is no path and no commit/);
		assert.not(project.has("made"));
	});
});

test("watch goes on when the configuration is gone for a while, and when the directory is replaced", async () => {
	await inProject(async (project) => {
		const config = `{ "targets": ["json"] }`;
		project.put("c.json", config);
		const child = spawn(process.execPath, [path.join(ROOT, "codegen/spear-codegen.ts"), "watch", "--config", "c.json"], {
			cwd: project.directory,
		});
		let said = "";
		for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += chunk));
		const hears = async (words: string): Promise<void> => {
			for (let tries = 0; tries < 400 && !said.includes(words); tries++) await new Promise((resolve) => setTimeout(resolve, 25));
			assert.match(said, words);
			said = "";
		};
		const ended = new Promise((resolve) => child.on("close", resolve));
		try {
			await hears("waiting for changes");
			fs.rmSync(project.path("c.json"));
			await hears("cannot read the configuration");
			project.put("c.json", `{ "targets": [`);
			await hears("this is not JSON");
			project.put("c.json", config);
			await hears("is current");
			fs.renameSync(project.path("wit"), project.path("old"));
			await hears("cannot read WIT");
			project.put("new/ledger.wit", LEDGER.replace("Books a posting", "Books it"));
			fs.renameSync(project.path("new"), project.path("wit"));
			await hears("2 updated");
			project.put("wit/draft", LEDGER);
			fs.renameSync(project.path("wit/draft"), project.path("wit/ledger.wit"));
			await hears("2 updated");
		} finally {
			child.kill("SIGINT");
		}
		assert.is(await ended, 130);
	});
});

for (const [what, args, code] of [
	["while it waits for standard input", "fmt -", 130],
	["while it watches", "watch --target json", 130],
] as const) {
	test(`Ctrl-C ends a command ${what}`, async () => {
		await inProject(async (project) => {
			const child = spawn(process.execPath, [path.join(ROOT, "codegen/spear-codegen.ts"), ...args.split(" ")], { cwd: project.directory });
			const ended = new Promise((resolve) => child.on("close", resolve));
			await new Promise((resolve) => setTimeout(resolve, 2_000));
			child.kill("SIGINT");
			assert.is(await ended, code);
		});
	});
}

test("output that nobody takes, and output that cannot be written", async () => {
	await inProject(async (project) => {
		const sh = (command: string): string => execFileSync("sh", ["-c", command], { cwd: project.directory, encoding: "utf8" });
		const program = `'${process.execPath}' '${path.join(ROOT, "codegen/spear-codegen.ts")}'`;
		assert.match(sh(`${program} explain 2>err | head -1`), /^no-wit-files/);
		assert.is(project.read("err"), "");
		if (!fs.existsSync("/dev/full")) return;
		assert.is(sh(`${program} explain 2>err >/dev/full; echo $?`), "1\n");
		assert.match(project.read("err"), /^spear-codegen: cannot write to standard output: ENOSPC[^\n]*\n$/);
	});
});

test.run();
