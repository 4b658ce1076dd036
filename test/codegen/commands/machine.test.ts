/** A machine that refuses: a full disk, and files that cannot be read or written. One line, the right exit code, and files as they were. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isFullRun } from "../../helpers/full-run.ts";
import { inProject, LEDGER, type Project } from "./project.ts";

const PROGRAM = path.resolve(import.meta.dirname, "../../../codegen/spear-codegen.ts");
const UNFORMATTED = LEDGER.replaceAll("    ", "  ");

/** Prints the exit code and the output of some command lines of the program. */
function script(...lines: readonly string[]): string {
	return lines.map((line) => `'${process.execPath}' '${PROGRAM}' ${line} 2>&1; echo "exit $?"`).join("\n");
}

function sh(prefix: readonly string[], text: string, cwd: string): { readonly status: number | null; readonly out: string } {
	const [command = "sh", ...args] = [...prefix, "sh", "-c", text];
	const { status, stdout } = spawnSync(command, args, { cwd, encoding: "utf8", env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: "1" } });
	return { status, out: stdout };
}

/** All files of a directory but what fills the disk. */
const LISTING = "find . -type f ! -name fill | sort";

test("on a full disk each command that writes fails in one line, and leaves everything as it was", async () => {
	await inProject(async (project) => {
		project.put("wit/ledger.wit", UNFORMATTED);
		const mount = "mount -t tmpfs -o size=16k tmpfs disk && cp -r wit disk/ && cd disk && { cat /dev/zero > fill 2>/dev/null || true; }";
		fs.mkdirSync(project.path("disk"));
		const unshared = ["unshare", "-rm"];
		if (sh(unshared, mount, project.directory).status !== 0) {
			console.log("skipped: this system mounts no disk for a test");
			return;
		}
		const commands = ["fmt", "init", "wit --target host-ts --no-cache"];
		const { out } = sh(unshared, `${mount}\n${script(...commands)}\n${LISTING}\ncat wit/ledger.wit`, project.directory);
		const [fmt, init, generate, ...rest] = out.split(/exit (?=1\n)/);
		assert.is(fmt, "spear-codegen: cannot write wit/ledger.wit: ENOSPC: no space left on device, write; the file is as it was\n");
		assert.is(init, "1\nspear-codegen: cannot write spear-codegen.json: ENOSPC: no space left on device, write\n");
		assert.match(
			generate ?? "",
			/^1\nspear-codegen: cannot write \S+\/generated: ENOSPC: no space left on device, write; nothing was changed\n$/,
		);
		assert.equal(rest, [`1\n./wit/ledger.wit\n${UNFORMATTED}`]);
	});
});

/** Runs as somebody without rights, if the tests run as root. Undefined if that cannot be. */
function asNobody(project: Project): readonly string[] | undefined {
	if (process.getuid?.() !== 0) return [];
	fs.chmodSync(project.directory, 0o777);
	const nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
	return sh(nobody, script("ls-targets"), project.directory).out.includes("exit 0") ? nobody : undefined;
}

/** A short run takes every third. */
const UNREADABLE: readonly (readonly [what: string, file: string, mode: number, command: string, expected: RegExp])[] = [
	["a WIT file", "wit/ledger.wit", 0, "wit --target json", /^spear-codegen: cannot read WIT from wit: EACCES[^\n]*\nexit 2\n$/],
	["a WIT file", "wit/ledger.wit", 0, "fmt", /^spear-codegen: cannot read wit\/ledger\.wit: EACCES[^\n]*\nexit 2\n$/],
	["the directory of WIT", "wit", 0, "fmt", /^spear-codegen: cannot read wit: EACCES[^\n]*\nexit 2\n$/],
	["the configuration", "c.json", 0, "--config c.json", /^spear-codegen: cannot read the configuration [^\n]*EACCES[^\n]*\nexit 2\n$/],
	["a generated file", "generated/model.json", 0, "--target json --no-cache", /^spear-codegen: EACCES[^\n]*model\.json'\nexit 1\n$/],
	["the manifest", "generated/manifest.json", 0, "--target json --no-cache", /error\[invalid-manifest\](?:.|\n)*exit 100\n$/],
	[
		"a directory of WIT that cannot be written",
		"wit",
		0o555,
		"fmt",
		/^spear-codegen: cannot write wit\/ledger\.wit: EACCES[^\n]*\nexit 1\n$/,
	],
	["a project that cannot be written", ".", 0o555, "init", /^spear-codegen: cannot write spear-codegen\.json: EACCES[^\n]*\nexit 1\n$/],
	[
		"a project that cannot be written",
		".",
		0o555,
		"wit --out new --target json",
		/^spear-codegen: cannot write in [^\n]*EACCES[^\n]*\nexit 1\n$/,
	],
];

test("what cannot be read or written is told in one line", async () => {
	await inProject(async (project) => {
		const user = asNobody(project);
		if (user === undefined) {
			console.log("skipped: the tests run as root, and cannot run a program as somebody else");
			return;
		}
		project.put("wit/ledger.wit", LEDGER);
		project.put("wit/deps/other/other.wit", "package my:other;\n");
		assert.is((await project.run(["--target", "json", "--no-cache"])).code, 0);
		project.put("wit/ledger.wit", UNFORMATTED);
		project.put("c.json", '{ "targets": ["json"] }\n');
		for (const [what, file, mode, command, expected] of isFullRun ? UNREADABLE : UNREADABLE.filter((_, index) => index % 3 === 0)) {
			const { mode: before } = fs.statSync(project.path(file));
			fs.chmodSync(project.path(file), mode);
			const { out } = sh(user, script(command), project.directory);
			fs.chmodSync(project.path(file), before);
			assert.match(out, expected, `${what}: ${command}: ${out}`);
			assert.is(project.read("wit/ledger.wit"), UNFORMATTED);
		}
		assert.equal(fs.readdirSync(project.directory).sort(), ["c.json", "generated", "wit"]);
	});
});

test("an option that is given twice counts twice", async () => {
	await inProject(async (project) => {
		assert.is((await project.run(["--target", "json", "--target", "schema", "--no-cache"])).code, 0);
		assert.ok(project.has("generated/model.json") && fs.readdirSync(project.path("generated/schema")).length > 0);
	});
});

test.run();
