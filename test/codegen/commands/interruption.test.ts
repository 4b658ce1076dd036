/** Ctrl-C, and a request to end: exit code 130, one line of message, and no file of half a run. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { sha256 } from "../../../codegen/write/hash.ts";
import { inProject, LEDGER, type Project } from "./project.ts";

const PROGRAM = path.resolve(import.meta.dirname, "../../../codegen/spear-codegen.ts");

interface Ended {
	readonly code: number | null;
	readonly signal: string | null;
	readonly said: string;
}

interface Interrupted {
	readonly args: readonly string[];
	/** Text of the program, or file in the project, after which the signal is sent. */
	readonly after: string;
	readonly signal?: "SIGINT" | "SIGTERM";
	readonly env?: Readonly<Record<string, string>>;
}

async function interrupt(project: Project, { args, after, signal = "SIGINT", env = {} }: Interrupted): Promise<Ended> {
	const child = spawn(process.execPath, [PROGRAM, ...args], { cwd: project.directory, env: { ...process.env, ...env } });
	let said = "";
	const heard = Promise.withResolvers<void>();
	for (const stream of [child.stdout, child.stderr])
		stream.on("data", (chunk) => {
			said += chunk;
			if (said.includes(after)) heard.resolve();
		});
	const ended = endOf(child);
	const seen = setInterval(() => {
		if (project.has(after)) heard.resolve();
	}, 10);
	await Promise.race([heard.promise, ended]);
	clearInterval(seen);
	child.kill(signal);
	return { ...(await ended), said };
}

function endOf(child: ChildProcess): Promise<Omit<Ended, "said">> {
	return new Promise((resolve) => child.on("close", (code, signal) => resolve({ code, signal })));
}

/** Paths of all files in a project. */
function filesOf(project: Project): string[] {
	return fs
		.readdirSync(project.directory, { recursive: true, withFileTypes: true })
		.filter((entry) => !entry.isDirectory())
		.map((entry) => path.relative(project.directory, path.join(entry.parentPath, entry.name)))
		.sort();
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
	test(`generate ends by ${signal} while an emitter never ends`, async () => {
		await inProject(async (project) => {
			project.put(
				"slow.mjs",
				"export default () => { console.log('at work'); setInterval(() => {}, 1000); return new Promise(() => {}); };\n",
			);
			project.put("spear-codegen.json", '{ "targets": ["json"], "emitters": ["slow.mjs"] }\n');
			const before = filesOf(project);
			const { code, said } = await interrupt(project, { args: [], after: "at work", signal });
			assert.equal([code, said], [130, "at work\nspear-codegen: interrupted; nothing was changed\n"]);
			assert.equal(filesOf(project), before);
		});
	});
}

test("generate ends by Ctrl-C that comes while an emitter computes", async () => {
	await inProject(async (project) => {
		const busy = `import { writeFileSync } from "node:fs";
			export default () => {
				writeFileSync("at-work", "");
				for (const end = Date.now() + 700; Date.now() < end; );
			};\n`;
		project.put("busy.mjs", busy);
		project.put("spear-codegen.json", '{ "targets": ["json"], "emitters": ["busy.mjs"] }\n');
		const { code, said } = await interrupt(project, { args: [], after: "at-work" });
		assert.equal([code, said], [130, "spear-codegen: interrupted; nothing was changed\n"]);
		assert.not(project.has("generated"));
	});
});

test("generate ends by Ctrl-C while it waits for another run, whose lock stays", async () => {
	await inProject(async (project) => {
		assert.is((await project.run(["--target", "json"])).code, 0);
		project.put("wit/ledger.wit", LEDGER.replace("Accounts", "All accounts"));
		const lock = path.join(`.generated.codegen`, `lock.${process.pid}.${sha256(os.hostname()).slice(0, 8)}.abcdef01`);
		project.put(lock, "");
		const { code, said } = await interrupt(project, { args: ["--target", "json"], after: "waiting for it" });
		assert.is(code, 130);
		assert.match(said, /spear-codegen: interrupted; nothing was changed\n$/);
		assert.equal(fs.readdirSync(project.path(path.dirname(lock))), [path.basename(lock)]);
		assert.not.match(project.read("generated/model.json"), "All accounts");
	});
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
	test(`breaking ends by ${signal} while git reads a commit, and leaves no copy of the commit`, async () => {
		await inProject(async (project) => {
			const real = execFileSync("sh", ["-c", "command -v git"], { encoding: "utf8" }).trim();
			const git = (...args: string[]): unknown =>
				execFileSync(real, ["-C", project.directory, "-c", "user.name=a", "-c", "user.email=a@b", ...args]);
			git("init", "-q");
			git("add", "wit");
			git("commit", "-q", "-m", "first");
			project.put("bin/git", `#!/bin/sh\ncase "$*" in *cat-file*) touch at-work; exec sleep 60;; esac\nexec ${real} "$@"\n`);
			fs.chmodSync(project.path("bin/git"), 0o755);
			fs.mkdirSync(project.path("tmp"));
			const env = { PATH: `${project.path("bin")}:${process.env.PATH}`, TMPDIR: project.path("tmp"), NODE_DISABLE_COMPILE_CACHE: "1" };
			const { code, said } = await interrupt(project, { args: ["breaking", "--against", "HEAD"], after: "at-work", signal, env });
			assert.equal([code, said], [130, "spear-codegen: interrupted; nothing was changed\n"]);
			assert.equal(fs.readdirSync(project.path("tmp")), []);
		});
	});
}

test("watch ends by a request to end, as by Ctrl-C", async () => {
	await inProject(async (project) => {
		const { code, said } = await interrupt(project, {
			args: ["watch", "--target", "json"],
			after: "waiting for changes",
			signal: "SIGTERM",
		});
		assert.is(code, 130);
		assert.not.match(said, /\n\s+at /);
	});
});

for (const args of [["check"], ["lint"], ["fmt"], ["breaking", "--against", "wit"]]) {
	test(`${args[0]} that is interrupted before it begins changes nothing`, async () => {
		await inProject(async (project) => {
			project.put("wit/ledger.wit", LEDGER.replace("    /// A", "  /// A"));
			const before = project.read("wit/ledger.wit");
			const { code, out, err } = await project.run([...args, ...(args[0] === "check" ? ["--target", "json"] : [])], {
				signal: AbortSignal.abort(),
			});
			assert.is(code, 130, out + err);
			assert.is(project.read("wit/ledger.wit"), before);
			assert.equal(filesOf(project), ["wit/ledger.wit"]);
		});
	});
}

test.run();
