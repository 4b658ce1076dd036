/** Strict `tsc` over generated code: everything together, but each file of guest typings as a project of its own, because they share globals. */
import { execFile } from "node:child_process";
import { globSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { STRICT_OPTIONS } from "../../test/helpers/strict-options.ts";

/**
 * Type checks the output of packages.
 *
 * @param folder with one folder of output for each package
 * @returns lines of the compiler, relative to the folder; none if everything is sound
 */
export async function compileAll(folder: string): Promise<string[]> {
	const component = { "spear-hostcall/component": [resolve("src/component.ts")] };
	const project = (path: string, options: object, include: readonly string[]): string => {
		mkdirSync(join(folder, path), { recursive: true });
		writeFileSync(join(folder, path, "tsconfig.json"), JSON.stringify({ compilerOptions: { ...STRICT_OPTIONS, ...options }, include }));
		return path;
	};
	writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
	const ofHosts = project("projects/hosts", { paths: component }, ["../../*/host/**/*.ts", "../../*/ir/**/*.ts"]);
	const ofGuests = globSync("*/guest/*/*.d.ts", { cwd: folder }).map((file) =>
		project(join("projects", dirname(file), file.replaceAll(/[\\/.]/g, "-")), { types: [] }, [resolve(folder, file)]),
	);
	const outputs = await Promise.all([tsc(["-p", ofHosts], folder), tsc(["-b", ...ofGuests], folder)]);
	return outputs.flatMap((output) => output.split("\n").filter((line) => line !== ""));
}

function tsc(args: readonly string[], cwd: string): Promise<string> {
	const path = resolve("node_modules/.bin/tsc");
	const { promise, resolve: settle, reject } = Promise.withResolvers<string>();
	execFile(path, [...args, "--pretty", "false"], { cwd, maxBuffer: 2 ** 28 }, (error, stdout) => {
		// With findings, the compiler exits with a number.
		if (error !== null && typeof error.code !== "number") reject(error);
		else settle(stdout);
	});
	return promise;
}
