import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { makeFolder } from "../../src/paths/make-folder.ts";

const test = suite<{ folder: string }>("make a folder");
test.before.each((context) => {
	context.folder = mkdtempSync(join(tmpdir(), "spear-"));
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }));

test("makes the folders above with the same permissions, and accepts a folder that is there", async ({ folder }) => {
	const path = join(folder, "a", "b");
	await Promise.all([makeFolder(path, 0o700), makeFolder(path, 0o700)]);
	await makeFolder(path);
	if (process.platform !== "win32")
		assert.equal(
			[join(folder, "a"), path].map((each) => statSync(each).mode & 0o777),
			[0o700, 0o700],
		);
});

test("refuses the place of a file", async ({ folder }) => {
	writeFileSync(join(folder, "file"), "");
	const codeOf = (path: string) => makeFolder(path).then(String, ({ code }) => code);
	assert.equal([await codeOf(join(folder, "file")), await codeOf(join(folder, "file", "a"))], ["EEXIST", "ENOTDIR"]);
	assert.equal(readdirSync(folder), ["file"]);
});

if (existsSync("/proc/self"))
	// Node's own `mkdir` would keep a thread busy for ever, so a process of its own runs the commands.
	for (const [what, args, config] of [
		["[media] dir", ["speak", "Hello", "--backend", "stub"], '[media]\ndir = "/proc/spear/media"\n[backends.stub]\nkind = "stub"\n'],
		["spear new backend --dir", ["new", "backend", "my-vendor", "--dir", "/proc/spear/vendor"], undefined],
	] as const)
		test(`${what} on a file system without new folders is told, and not tried for ever`, ({ folder }) => {
			if (config !== undefined) writeFileSync(join(folder, "spear.toml"), config);
			const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
			const { status, stderr } = spawnSync(process.execPath, [main, ...args], {
				cwd: folder,
				timeout: 20_000,
				killSignal: "SIGKILL",
				encoding: "utf8",
			});
			assert.match(stderr, /ENOENT|no such file/);
			assert.ok(status === 1 || status === 2, `${status}`);
		});

test.run();
