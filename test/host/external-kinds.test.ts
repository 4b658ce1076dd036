/** Backend kinds of modules that a configuration names. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { ConfigError } from "../../src/config/config-error.ts";
import { createHost } from "../../src/host/create-host.ts";
import { withExternalKinds } from "../../src/host/external-kinds.ts";
import { memoryLog } from "../helpers/memory-log.ts";
import { spearHere } from "../helpers/spear.ts";

const test = suite<{ folder: string }>("external-kinds");
test.before.each((context) => {
	context.folder = mkdtempSync(join(tmpdir(), "spear-kinds-"));
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }));

/** Returns the text of a module with a kind. */
const moduleOf = (name: string, exported = "export default"): string => `
const kind = {
	name: ${JSON.stringify(name)},
	create: () => ({
		operations: { embeddings: { unary: async ({ payload }) => ({ model: "m", dimensions: 1, vectors: payload.input.map((text) => Float32Array.of(text.length)) }) } },
		capabilities: { embeddings: { features: [], transports: ["unary"], models: ["m"] } },
		close: async () => {},
	}),
};
${exported} ${exported.endsWith("=") ? "[kind]" : "kind"};
`;

function write(folder: string, files: Readonly<Record<string, string>>): void {
	for (const [name, text] of Object.entries(files)) {
		const path = join(folder, name);
		mkdirSync(dirname(path), { recursive: true });
		writeFileSync(path, text);
	}
}

/** Returns the messages of the faults of a configuration with these modules. */
async function faultsOf(folder: string, modules: readonly string[]): Promise<readonly string[]> {
	writeFileSync(join(folder, "spear.toml"), `[host]\nkinds = ${JSON.stringify(modules)}\n`);
	try {
		await (await createHost({ config: join(folder, "spear.toml") })).close();
	} catch (thrown) {
		if (thrown instanceof ConfigError) return thrown.faults.map(({ path, message }) => `${path}: ${message.replaceAll(folder, "DIR")}`);
		throw thrown;
	}
	return [];
}

test("kinds of a file and of an installed package serve, resolved from the folder of the configuration", async ({ folder }) => {
	write(folder, {
		"kinds/lengths.mjs": moduleOf("lengths"),
		"node_modules/spear-backend-sizes/package.json": '{"exports":{".":{"types":"./x.d.ts","import":"./sizes.mjs"}}}',
		"node_modules/spear-backend-sizes/sizes.mjs": moduleOf("sizes", "export const backendKinds ="),
		"spear.toml": `[host]
kinds = ["./kinds/lengths.mjs", "spear-backend-sizes"]
[backends.a]
kind = "lengths"
[backends.b]
kind = "sizes"
`,
	});
	const host = await createHost({ config: join(folder, "spear.toml") });
	assert.equal(
		host.backends().map(({ name, kind }) => [name, kind]),
		[
			["a", "lengths"],
			["b", "sizes"],
		],
	);
	const { payload } = await host.client().call("embeddings", { input: ["four"] });
	assert.equal(payload.vectors, [Float32Array.of(4)]);
	await host.close();
});

test("a reload imports the kinds that the file names then", async ({ folder }) => {
	const config = join(folder, "spear.toml");
	write(folder, { "lengths.mjs": moduleOf("lengths"), "spear.toml": "" });
	const host = await createHost({ config, logger: memoryLog().logger });
	write(folder, { "spear.toml": `[host]\nkinds = ["./lengths.mjs"]\n[backends.a]\nkind = "lengths"\n` });
	assert.equal((await host.reload()).added, ["a"]);
	await host.close();
});

test("a module that is missing or exports no kind is a fault with its position and what to do", async ({ folder }) => {
	write(folder, {
		"empty.mjs": "export const x = 1;",
		"list.mjs": "export default [];",
		"throws.mjs": 'throw new Error("no licence");',
		"needs.mjs": 'import "spear-none-such";',
		"a.mjs": moduleOf("lengths"),
		"b.mjs": moduleOf("lengths"),
		"stub.mjs": moduleOf("stub"),
	});
	const one = async (module: string): Promise<string> => (await faultsOf(folder, [module]))[0] ?? "no fault";
	assert.is(
		await one("spear-none-such"),
		"host.kinds[0]: the package 'spear-none-such' is not installed for DIR; install it there with npm, or name a file that begins with './'",
	);
	assert.is(await one("./none.mjs"), "host.kinds[0]: there is no module './none.mjs' in DIR; name a file, such as './my-kind/index.js'");
	for (const module of ["./empty.mjs", "./list.mjs"])
		assert.is(
			await one(module),
			`host.kinds[0]: '${module}' exports no backend kind; export what defineBackend returns as default, or a list of them as backendKinds`,
		);
	assert.is(await one("./throws.mjs"), "host.kinds[0]: './throws.mjs' fails when it is imported: no licence");
	assert.match(
		await one("./needs.mjs"),
		/^host\.kinds\[0\]: '\.\/needs\.mjs' fails when it is imported: Cannot find package 'spear-none-such'/,
	);
	assert.is(
		await one("./stub.mjs"),
		"host.kinds[0]: './stub.mjs' exports a kind that cannot be used: there is another backend kind called 'stub'; give yours another name",
	);
	assert.equal(await faultsOf(folder, ["./a.mjs", "./b.mjs"]), [
		"host.kinds[1]: './b.mjs' exports a kind that cannot be used: there is another backend kind called 'lengths'; give yours another name",
	]);
});

test("a kind with a name that no configuration could use is a fault, whoever made it", async ({ folder }) => {
	for (const name of ["", " ", "__proto__", "Mine", "a\nb", "stub\0", "x".repeat(65)]) {
		write(folder, { [`${name.length}-${name.charCodeAt(0)}.mjs`]: moduleOf(name) });
		const [fault = "no fault"] = await faultsOf(folder, [`./${name.length}-${name.charCodeAt(0)}.mjs`]);
		assert.match(fault, /' cannot name a backend kind; use lower-case words joined by '-', at most 64 characters, such as 'my-backend'$/);
		assert.not.match(fault, /[\n\0]/);
	}
});

test("two kinds of one name in one module are a fault", async ({ folder }) => {
	write(folder, { "a.mjs": `${moduleOf("lengths")}\nexport const backendKinds = [kind, kind];` });
	assert.equal(await faultsOf(folder, ["./a.mjs"]), [
		"host.kinds[0]: './a.mjs' exports a kind that cannot be used: there is another backend kind called 'lengths'; give yours another name",
	]);
});

test("a module that cannot be looked for is a fault of its own, and none of the file", async ({ folder }) => {
	assert.equal(await faultsOf(folder, ["./a\u0000.mjs"]), [
		"host.kinds[0]: there is no module './a\\u0000.mjs' in DIR; name a file, such as './my-kind/index.js'",
	]);
	const [fault = ""] = await faultsOf(folder, [`./${"x".repeat(70_000)}`]);
	assert.match(fault, /^host\.kinds\[0\]: '\.\/x{197}…' cannot be found: the name is too long$/);
});

test("a module that throws a value without a text is a fault", async ({ folder }) => {
	write(folder, { "odd.mjs": "throw Object.create(null);", "null.mjs": "throw null;" });
	assert.equal(await faultsOf(folder, ["./odd.mjs", "./null.mjs"]), [
		"host.kinds[0]: './odd.mjs' fails when it is imported: a value without a text",
		"host.kinds[1]: './null.mjs' fails when it is imported: null",
	]);
});

test("a module whose import never ends is a fault after a time", async ({ folder }) => {
	write(folder, { "waits.mjs": "await new Promise(() => {}); export default 1;" });
	const { faults } = await withExternalKinds(["./waits.mjs"], folder, { enabled: [], disabled: [] }, 20);
	assert.equal(faults, [
		{ index: 0, message: "'./waits.mjs' fails when it is imported: it takes longer than 20 ms; connect in the first call" },
	]);
});

test("a package is entered only by files of its own, as Node does", async ({ folder }) => {
	const nested = `{"exports":${'{"import":'.repeat(5000)}"./in.mjs"${"}".repeat(5000)}}`;
	const packages = {
		out: '{"exports":"./../outside.mjs"}',
		encoded: '{"exports":"./%2e%2e/outside.mjs"}',
		other: '{"exports":"./node_modules/b/in.mjs"}',
		nested,
	};
	write(folder, { "node_modules/outside.mjs": moduleOf("outside") });
	for (const [name, description] of Object.entries(packages)) {
		write(folder, {
			[`node_modules/${name}/package.json`]: description,
			[`node_modules/${name}/in.mjs`]: moduleOf("inside"),
			[`node_modules/${name}/node_modules/b/in.mjs`]: moduleOf("other"),
		});
		assert.match((await faultsOf(folder, [name]))[0] ?? "no fault", /^host\.kinds\[0\]: the package '\w+' is not installed for DIR/);
	}
	write(folder, { "node_modules/list/package.json": '{"exports":["invalid","./in.mjs"]}', "node_modules/list/in.mjs": moduleOf("listed") });
	assert.equal(await faultsOf(folder, ["list"]), []);
});

test("spear backends lists the backends of such kinds", async ({ folder }) => {
	write(folder, {
		"lengths.mjs": moduleOf("lengths"),
		"spear.toml": `[host]\nkinds = ["./lengths.mjs"]\n[backends.a]\nkind = "lengths"\n`,
	});
	const { code, stdout } = await spearHere(["backends", "--config", join(folder, "spear.toml")]);
	assert.is(code, 0);
	assert.match(stdout, /^a {2}\(lengths\)\n {2}embeddings\b.*whole\n.*\bm\b/m);
});

test.run();
