/** Compilers for core modules, where this machine has them. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { scratch } from "./guest.ts";

const execute = promisify(execFile);

/** A compiler that makes a core module of a source file. */
export interface Toolchain {
	/** Reason for which the compiler cannot be used. Absent if it can. */
	readonly missing?: string;
	/** Compiles a file. Returns the path of the module. */
	compile(source: string): Promise<string>;
}

/** Returns the toolchain of a command. `probe` compiles nothing, and fails without the command. `env` has more variables for it. */
async function toolchain(
	name: string,
	probe: readonly string[],
	compile: (source: string, module: string) => { readonly args: readonly string[] },
	env: NodeJS.ProcessEnv = {},
): Promise<Toolchain> {
	const options = { env: { ...process.env, ...env } };
	const missing = await execute(name, probe, options).then(
		() => undefined,
		(cause: Error) => `${name} cannot make modules for WASI here: ${cause.message.split("\n")[0]}`,
	);
	return {
		...(missing === undefined ? {} : { missing }),
		async compile(source) {
			const module = join(scratch(), "guest.wasm");
			await execute(name, compile(source, module).args, options);
			return module;
		},
	};
}

/** Clang with wasm-ld and wasi-libc. */
export async function clang(): Promise<Toolchain> {
	const flags = ["--target=wasm32-wasi", "-O2"];
	// Links an empty program: clang alone is often there, and its libraries for WASI are not.
	const probe = [...flags, "-x", "c", "-", "-o", join(scratch(), "probe.wasm")];
	const tool = await toolchain("clang", ["--version"], (source, module) => ({ args: [...flags, source, "-o", module] }));
	if (tool.missing !== undefined) return tool;
	const linked = await new Promise<string | undefined>((resolve) => {
		const child = execFile("clang", probe, (error) =>
			resolve(error === null ? undefined : `clang has no wasi-libc: ${error.message.split("\n")[1]}`),
		);
		child.stdin?.end("int main(void) { return 0; }");
	});
	return linked === undefined ? tool : { ...tool, missing: linked };
}

/** Rust for the target wasm32-wasip1. */
export async function rust(): Promise<Toolchain> {
	const target = ["--target", "wasm32-wasip1"];
	const tool = await toolchain("rustc", ["--version"], (source, module) => ({
		args: [...target, "-O", "--crate-name", "guest", source, "-o", module],
	}));
	if (tool.missing !== undefined) return tool;
	const { stdout } = await execute("rustc", ["--print", "target-libdir", ...target]);
	return existsSync(stdout.trim()) ? tool : { ...tool, missing: "rustc has no standard library for wasm32-wasip1" };
}

/** Go for GOOS=wasip1, which Go has since version 1.21. */
export async function go(): Promise<Toolchain> {
	const target = { GOOS: "wasip1", GOARCH: "wasm" };
	const tool = await toolchain("go", ["version"], (source, module) => ({ args: ["build", "-o", module, source] }), target);
	if (tool.missing !== undefined) return tool;
	const { stdout } = await execute("go", ["env", "GOROOT"]);
	return existsSync(join(stdout.trim(), "src/syscall/fs_wasip1.go")) ? tool : { ...tool, missing: "go has no library for GOOS=wasip1" };
}
