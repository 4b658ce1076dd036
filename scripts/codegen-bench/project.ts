/** A project with this package's WIT in a directory of its own, whose generator runs as a process. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";

const ROOT = resolve(import.meta.dirname, "../..");

export class BenchProject {
	readonly #directory: string;
	#edits = 0;

	private constructor(directory: string) {
		this.#directory = directory;
	}

	static create(): BenchProject {
		const directory = mkdtempSync(join(tmpdir(), "spear-bench-codegen-"));
		cpSync(join(ROOT, "wit"), join(directory, "wit"), { recursive: true });
		// The generator caches in `node_modules` of the project.
		mkdirSync(join(directory, "node_modules"));
		return new BenchProject(directory);
	}

	codegen(): void {
		this.#run([join(ROOT, "codegen/bin.js"), "--wit", "wit", "--out", "generated"]);
	}

	/** Adds a record to one family, or changes the one added before. */
	edit(): void {
		const file = join(this.#directory, "wit/cchat.wit");
		const text = readFileSync(file, "utf8").replace(/\n {4}\/\/\/ Added by the benchmark[^}]*\}\n\}\s*$/, "\n}\n");
		const added = `    /// Added by the benchmark: ${this.#edits++}.\n    @since(version = 0.1.0)\n    record added { /** Text. */ text: string }\n`;
		writeFileSync(file, text.replace(/\}\s*$/, `${added}}\n`));
	}

	clear(): void {
		rmSync(join(this.#directory, "generated"), { recursive: true, force: true });
		rmSync(join(this.#directory, "node_modules/.cache"), { recursive: true, force: true });
	}

	jcoTypes(): void {
		this.#run([join(ROOT, "node_modules/@bytecodealliance/jco/dist/jco.js"), "types", "wit", "--world-name", "agent", "-o", "types", "-q"]);
	}

	emptyProgram(): void {
		this.#run(["-e", "0"]);
	}

	remove(): void {
		rmSync(this.#directory, { recursive: true });
	}

	/** @throws Error with the output of a process that failed */
	#run(args: readonly string[]): void {
		const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: this.#directory, encoding: "utf8" });
		if (status !== 0) throw new Error(`${args.join(" ")} failed:\n${stdout}${stderr}`);
	}
}
