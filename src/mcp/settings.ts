/** A checked `[mcp.servers.<id>]` table. */
export interface McpServerSettings {
	readonly id: string;
	/** Program that is started, without a shell. */
	readonly command: string;
	readonly args: readonly string[];
	/** Names of the host's environment variables that the program receives, beside {@link INHERITED_VARIABLES}. */
	readonly env: readonly string[];
	/** Working directory of the program. Absent for that of the host. */
	readonly cwd: string | undefined;
	/** Patterns with `*` and `?` of the tools that guests may use. */
	readonly allowedTools: readonly string[];
	/** Longest start of the server, and longest listing of its tools, in milliseconds. */
	readonly listTimeoutMs: number;
	/** Longest call, in milliseconds. */
	readonly callTimeoutMs: number;
	/** Longest output of a call, in bytes. A longer one is cut. */
	readonly maxOutputBytes: number;
}

/** Environment variables that every server receives. None of them holds a secret. */
export const INHERITED_VARIABLES: readonly string[] = [
	"PATH",
	"HOME",
	"USER",
	"LOGNAME",
	"SHELL",
	"TERM",
	"LANG",
	"LC_ALL",
	"TZ",
	"TMPDIR",
];

/** Returns the environment of a server. */
export function environmentOf(
	{ env }: Pick<McpServerSettings, "env">,
	host: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
	return Object.fromEntries([...INHERITED_VARIABLES, ...env].flatMap((name) => (host[name] === undefined ? [] : [[name, host[name]]])));
}
