import { type Config, createHost, type Host, type HostOptions } from "../../src/index.ts";
import { createServer, type ServerOptions, type SpearServer } from "../../src/serve.ts";
import type { Logger } from "../../src/telemetry/logger.ts";

/** A host and its server on a free port of loopback. */
export interface Served {
	readonly host: Host;
	readonly server: SpearServer;
	readonly url: string;
	readonly port: number;
	/** Lines of the host's log, of all levels. */
	readonly log: readonly LogLine[];
	/** Closes both. */
	close(): Promise<void>;
}

export interface LogLine {
	readonly level: string;
	readonly message: string;
	readonly fields: object;
}

/** Starts a server. The lines of its host's log are kept. */
export async function served(config: Config, env: Record<string, string> = {}, options: HostOptions & ServerOptions = {}): Promise<Served> {
	const log: LogLine[] = [];
	const host = await createHost({ config, env, logger: keepingLogger(log), ...options });
	const server = createServer(host, options);
	const { url, port } = await server.listen({ port: 0 });
	return {
		host,
		server,
		url,
		port,
		log,
		async close() {
			await server.close({ drainMs: 0 });
			await host.close();
		},
	};
}

function keepingLogger(lines: LogLine[]): Logger {
	const at =
		(level: string) =>
		(fields: object, message: string): void => {
			lines.push({ level, message, fields });
		};
	return { trace: at("trace"), debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** Members of the server's answers that tests read. */
export interface AnswerBody {
	readonly output: unknown;
	readonly run_id: string;
	readonly cpu_ms: number;
	readonly duration_ms: number;
	readonly agents: readonly Readonly<Record<string, unknown>>[];
	readonly error: { readonly code: string; readonly message: string; readonly param?: string };
}

/** Returns the JSON body of an answer. */
export async function bodyOf(response: Response): Promise<AnswerBody> {
	return (await response.json()) as AnswerBody;
}
