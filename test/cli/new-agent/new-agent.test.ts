/** `spear new`: each project is as it is tested here. `check:package` installs, type checks, tests and runs one with the packed package. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { BuildCache } from "../../../src/build/build-cache.ts";
import { devGuest } from "../../../src/build/dev/dev-guest.ts";
import { TEMPLATES } from "../../../src/cli/new-agent/templates.ts";
import { createHost } from "../../../src/host/create-host.ts";
import { ROOT } from "../../helpers/guest.ts";
import { spearHere } from "../../helpers/spear.ts";

const test = suite<{ folder: string }>("spear new");
test.before.each((context) => {
	context.folder = mkdtempSync(join(tmpdir(), "spear-new-"));
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }));

const REGISTER = new URL("../../../src/guest-testing/register.ts", import.meta.url).href;
const THIS_PACKAGE = fileURLToPath(new URL("../../helpers/this-package.ts", import.meta.url));
const cache = new BuildCache(join(ROOT, ".cache/tests/builds"));

async function testsOf(folder: string): Promise<readonly [code: unknown, output: string]> {
	const args = ["--disable-warning=ExperimentalWarning", "--import", REGISTER, "--import", THIS_PACKAGE, "--test", "--test-reporter=tap"];
	const child = spawn(process.execPath, args, { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
	const output: Buffer[] = [];
	child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
	const [code] = await once(child, "close");
	return [code, Buffer.concat(output).toString()];
}

const FIRST_INPUTS = {
	chat: "What is WebAssembly?",
	tools: "Are there bolts?",
	rag: "Can I return a bearing?",
	voice: "What time is it?",
	transform: readFileSync(join(ROOT, "examples/templates/transform/request.json"), "utf8"),
} as const satisfies Record<keyof typeof TEMPLATES, string>;

for (const [template, { files, world }] of Object.entries(TEMPLATES))
	test(`a project of the template ${template} passes its tests, and its guest answers without a configuration`, async ({ folder }) => {
		const dir = join(folder, template);
		const { code, stdout } = await spearHere(["new", `my-${template}`, "--template", template, "--dir", dir, "--json"]);
		assert.is(code, 0);
		const written = JSON.parse(stdout);
		assert.equal(written.files, [...files, "package.json", "tsconfig.json", "tsconfig.test.json", "spear.toml", ".gitignore", "README.md"]);
		assert.equal(readdirSync(dir).sort(), [...written.files].sort());
		assert.is(JSON.parse(readFileSync(join(dir, "package.json"), "utf8")).name, `my-${template}`);

		const [exit, output] = await testsOf(dir);
		assert.is(exit, 0, output);
		assert.match(output, /^# pass [1-9]/m);

		const guest = await devGuest({ entry: join(dir, "agent.ts"), world, cache });
		const host = await createHost({ config: join(dir, "spear.toml"), env: {}, logLevel: "error" });
		try {
			const agent = await host.load(guest.component);
			assert.ok((await agent.run(guest.framed(FIRST_INPUTS[template as keyof typeof TEMPLATES]))).length > 0);
		} finally {
			await host.close();
		}
	});

test("guests of templates have at most 60 lines", () => {
	for (const template of Object.keys(TEMPLATES)) {
		const lines = readFileSync(join(ROOT, `examples/templates/${template}/agent.ts`), "utf8").split("\n").length;
		assert.ok(lines <= 60, `${template}: ${lines} lines`);
	}
});

test("overwrites nothing, and refuses names that no package may have", async ({ folder }) => {
	writeFileSync(join(folder, "precious.txt"), "");
	const full = await spearHere(["new", "mine", "--dir", folder]);
	assert.is(full.code, 2);
	assert.match(full.stderr, "is not empty; name another folder with --dir");
	const named = await spearHere(["new", "My Agent", "--dir", join(folder, "new")]);
	assert.is(named.code, 2);
	assert.match(named.stderr, "'My Agent' cannot name a package");
	const template = await spearHere(["new", "mine", "--template", "game"]);
	assert.is(template.code, 2);
	assert.match(template.stderr, "Allowed choices are chat, tools, rag, voice, transform");
	assert.equal(readdirSync(folder), ["precious.txt"]);
});

test.run();
