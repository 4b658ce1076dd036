/** The C header, compiled by clang. Without clang, the tests are skipped. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { CORE_IMPORTS } from "../../../generated/abi/core/index.ts";
import { readCoreInterface } from "../../../src/abi/binary/core-interface.ts";
import { webAssembly } from "../../../src/abi/web-assembly.ts";
import { ROOT } from "../../helpers/guest.ts";

const test = suite("C header");
const HEADERS = join(ROOT, "generated/guest/core");
const LINK = ["-nostdlib", "-Wl,--no-entry", "-Wl,--allow-undefined"];
/** Where Debian puts the C library of WASI. */
const WASI_LIBC = "/usr/include/wasm32-wasi";
const STRICT = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"];
const FREESTANDING = ["--target=wasm32", "-ffreestanding", "-nostdlibinc"];

const hasClang = spawnSync("clang", ["--version"]).status === 0 && spawnSync("wasm-ld", ["--version"]).status === 0;
if (!hasClang) test.skip("the header is compiled: there is no clang that links WebAssembly", () => {});
const directory = mkdtempSync(join(tmpdir(), "spear-c-"));
test.after(() => rmSync(directory, { recursive: true }));

function compile(source: string, args: readonly string[], language = "c"): { readonly errors: string; readonly bytes: Uint8Array } {
	const [input, output] = [join(directory, `main.${language}`), join(directory, "main.out")];
	writeFileSync(input, source);
	const { stderr } = spawnSync("clang", ["-x", language === "c" ? "c" : "c++", ...STRICT, ...args, "-o", output, input], {
		encoding: "utf8",
	});
	return { errors: stderr, bytes: existsSync(output) ? readFileSync(output) : new Uint8Array() };
}

const USE_ALL = '#include "spear_core.h"\n#include "spear_core.h"\nint main(void) { return SPEAR_ENOSPC; }\n';

if (hasClang) {
	for (const [what, language, args] of [
		["C11 without a library", "c", ["-std=c11", ...FREESTANDING]],
		["C++ without a library", "cpp", ["-std=c++11", ...FREESTANDING]],
		["C11 of this machine", "c", ["-std=c11"]],
		["C++ of this machine", "cpp", ["-std=c++17"]],
		["C11 with the library of WASI", "c", ["-std=c11", "--target=wasm32-wasi", "-isystem", WASI_LIBC]],
		["C++ with the library of WASI", "cpp", ["-std=c++17", "--target=wasm32-wasi", "-isystem", WASI_LIBC]],
	] as const) {
		if (what.includes("WASI") && !existsSync(WASI_LIBC)) {
			console.log(`skipped: ${what}, which is not installed`);
			continue;
		}
		test(`the header compiles as ${what}`, () => {
			assert.is(compile(USE_ALL, ["-I", HEADERS, ...args, "-fsyntax-only"], language).errors, "");
		});
	}

	test("the header of a package with every form of value compiles", () => {
		const golden = join(ROOT, "test/golden/codegen/core/guest/core");
		for (const language of ["c", "cpp"])
			assert.is(compile('#include "test_lamps.h"\n', ["-I", golden, ...FREESTANDING, "-fsyntax-only"], language).errors, "");
	});

	test("the header compiles without the helpers that need an allocator, and with one of the guest's own", () => {
		const source = `#include "spear_core.h"
#ifdef SPEAR_REALLOC
#error there is no library
#endif
`;
		assert.is(compile(source, ["-I", HEADERS, "-std=c11", ...FREESTANDING, "-fsyntax-only"]).errors, "");
	});

	test("each function is imported by its name and type", () => {
		const names = CORE_IMPORTS.map(({ name }) => (name.startsWith("spear_") ? name : `spear_${name}`));
		const source = `#include "spear_core.h"\n__attribute__((used)) void (*const all[])(void) = {${names.map((name) => `(void (*)(void))${name}`).join(", ")}};\n`;
		const { errors, bytes } = compile(source, ["-I", HEADERS, "-std=c11", ...FREESTANDING, "-Wno-cast-function-type", ...LINK]);
		assert.is(errors, "");
		const imports = readCoreInterface(bytes).imports.map(({ module, name, signature }) => `${module} ${name} ${signature}`);
		assert.equal(imports.sort(), CORE_IMPORTS.map(({ module, name, signature }) => `${module} ${name} ${signature}`).sort());
	});

	test("a helper repeats a call until the answer fits, and keeps what the host says otherwise", async () => {
		const source = `#include <stddef.h>
static unsigned char heap[4096];
static void *take(void *old, unsigned long size);
#define SPEAR_REALLOC(pointer, size) take(pointer, size)
#include "spear_core.h"
static unsigned long used;
static void *take(void *old, unsigned long size)
{
	(void)old;
	if (used + size > sizeof(heap))
		return NULL;
	used += size;
	return heap + used - size;
}
static spear_buffer buffer;
int32_t receive(void) { return spear_cchat_recv_buffer(1001, &buffer); }
int32_t status(void) { return spear_mic_ctl_get_status(1002, &buffer); }
int32_t configure(void) { return spear_mic_ctl_set_param(1002, "{\\"frame_ms\\":20}", 15); }
int32_t flush(void) { return spear_rtasr_ctl_flush(1003); }
uint8_t *data(void) { return buffer.data; }
uint32_t length(void) { return buffer.length; }
`;
		const { errors, bytes } = compile(source, ["-I", HEADERS, "-std=c11", ...FREESTANDING, "-O1", ...LINK, "-Wl,--export-all"]);
		assert.is(errors, "");
		const seen: unknown[] = [];
		const lengths = [10, 20, 20, 5, 5000, 5000];
		const memory = (): ArrayBuffer => {
			const { memory } = instance.exports;
			if (!(memory instanceof webAssembly.Memory)) throw new Error("the guest exports no memory");
			return memory.buffer;
		};
		const u32 = (at: number): number => new DataView(memory()).getUint32(at, true);
		const imports = {
			cchat_recv: (fd: number, at: number, lengthAt: number) => {
				const [room, length] = [u32(lengthAt), lengths.shift() ?? 0];
				seen.push(["receive", fd, room]);
				new DataView(memory()).setUint32(lengthAt, length, true);
				if (room < length) return -28;
				Buffer.from(memory(), at, length).fill("x");
				return length;
			},
			mic_ctl: (fd: number, command: number, at: number, lengthAt: number) => {
				if (command !== 1) return -9;
				seen.push(["configure", fd, Buffer.from(memory(), at, u32(lengthAt)).toString()]);
				return 0;
			},
			rtasr_ctl: (fd: number, command: number, at: number, lengthAt: number) => {
				seen.push(["command", fd, command, at, u32(lengthAt)]);
				return -5;
			},
		};
		const instance = await webAssembly.instantiate(await webAssembly.compile(bytes), { spear: imports });
		const run = (name: string): unknown => {
			const found = instance.exports[name];
			return typeof found === "function" ? found() : undefined;
		};
		assert.is(run("receive"), 20);
		assert.is(run("length"), 20);
		assert.is(Buffer.from(memory(), Number(run("data")), 20).toString(), "x".repeat(20));
		assert.is(run("receive"), 5);
		assert.is(run("length"), 5);
		assert.is(run("receive"), -12);
		assert.is(run("length"), 0);
		assert.is(run("configure"), 0);
		assert.is(run("flush"), -5);
		assert.is(run("status"), -9);
		assert.equal(seen, [
			["receive", 1001, 0],
			["receive", 1001, 10],
			["receive", 1001, 20],
			["receive", 1001, 20],
			["receive", 1001, 20],
			["configure", 1002, '{"frame_ms":20}'],
			["command", 1003, 5, 0, 0],
		]);
	});
}

test.run();
