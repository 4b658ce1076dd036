import { access, constants, stat } from "node:fs/promises";
import { delimiter, isAbsolute, join, resolve } from "node:path";
import process from "node:process";
import type { Environment } from "../../host/secret-sources.ts";
import type { McpServerSettings } from "../../mcp/settings.ts";
import type { DoctorCheck } from "./doctor-check.ts";

/** Checks the program, the working directory and the variables of each server of tools. Starts no server, and repeats no value. */
export function checkMcpServers(servers: ReadonlyMap<string, McpServerSettings>, env: Environment): Promise<DoctorCheck[]> {
	return Promise.all([...servers.values()].map((server) => checkServer(server, env)));
}

async function checkServer({ id, command, cwd, env: names }: McpServerSettings, env: Environment): Promise<DoctorCheck> {
	const common = { area: "mcp", name: id } as const;
	if (cwd !== undefined && !(await isFolder(cwd)))
		return {
			...common,
			status: "problem",
			message: `the working directory ${cwd} is no folder`,
			remedy: `correct cwd of [mcp.servers.${id}]`,
		};
	const program = await findProgram(command, cwd ?? process.cwd(), env.PATH ?? "");
	if (program === undefined) {
		const remedy = `install ${command}, or correct command of [mcp.servers.${id}]`;
		return { ...common, status: "problem", message: `the command ${command} is not found`, remedy };
	}
	const missing = names.filter((name) => (env[name] ?? "") === "");
	if (missing.length > 0) {
		const message = `${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} not set`;
		return { ...common, status: "warning", message, remedy: `export ${missing[0]}=<value>` };
	}
	return { ...common, status: "ok", message: program };
}

/** Returns the path of a program, as the start of a process would find it. */
async function findProgram(command: string, cwd: string, path: string): Promise<string | undefined> {
	const isPath = isAbsolute(command) || /[/\\]/.test(command);
	const places = isPath ? [resolve(cwd, command)] : path.split(delimiter).flatMap((folder) => programNames(resolve(cwd, folder), command));
	for (const place of places) if (await isProgram(place)) return place;
	return undefined;
}

function programNames(folder: string, command: string): string[] {
	const endings = process.platform === "win32" ? ["", ".exe"] : [""];
	return endings.map((ending) => join(folder, `${command}${ending}`));
}

async function isProgram(path: string): Promise<boolean> {
	try {
		await access(path, constants.X_OK);
		return (await stat(path)).isFile();
	} catch {
		return false;
	}
}

async function isFolder(path: string): Promise<boolean> {
	return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}
