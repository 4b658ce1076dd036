import { GuestExit } from "../../output/exit.ts";
import type { LineBuffer } from "../../output/line-buffer.ts";
import type { WasiIo } from "./io.ts";

/** The resource classes of terminals. No guest ever receives one, but the classes must exist. */
class TerminalInput {}
class TerminalOutput {}

/** Returns `wasi:cli`: an empty environment, no arguments, no input. Output goes to the host's line buffers. */
export function wasiCli(io: WasiIo, stdout: LineBuffer, stderr: LineBuffer) {
	return {
		"wasi:cli/environment": {
			getEnvironment: (): [string, string][] => [],
			getArguments: (): string[] => [],
			initialCwd: (): undefined => undefined,
		},
		"wasi:cli/exit": {
			exit(status: { tag: "ok" | "err" }): never {
				throw new GuestExit(status.tag === "ok" ? 0 : 1);
			},
			exitWithCode(code: number): never {
				throw new GuestExit(code);
			},
		},
		"wasi:cli/stdin": { getStdin: () => new io.InputStream() },
		"wasi:cli/stdout": { getStdout: () => new io.OutputStream(stdout) },
		"wasi:cli/stderr": { getStderr: () => new io.OutputStream(stderr) },
		"wasi:cli/terminal-input": { TerminalInput },
		"wasi:cli/terminal-output": { TerminalOutput },
		"wasi:cli/terminal-stdin": { getTerminalStdin: (): undefined => undefined },
		"wasi:cli/terminal-stdout": { getTerminalStdout: (): undefined => undefined },
		"wasi:cli/terminal-stderr": { getTerminalStderr: (): undefined => undefined },
	};
}
