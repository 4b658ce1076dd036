import { shareAcrossCopies } from "../errors/shared-class.ts";
import { SpearError } from "../errors/spear-error.ts";

/** A fault of a configuration. */
export interface ConfigFault {
	/** Path of the file. Absent for a configuration that is a value. */
	readonly file?: string;
	/** Line of the file, from 1. Absent as `file`. */
	readonly line?: number;
	/** Column of the line, from 1. Absent as `file`. */
	readonly column?: number;
	/** Path of the member, such as `backends.main.models[0].name`. Empty for a fault of the whole. */
	readonly path: string;
	/** The fault in words, without the path. */
	readonly message: string;
}

/** Bounds the faults that a message names. A file with more was likely meant for another program. */
const MAX_NAMED = 20;

/**
 * A configuration that cannot be used. The message lists the first faults. The code is `invalid_request`, or `backend_not_enabled` if
 * each fault is a backend kind that this build omits.
 *
 * `instanceof ConfigError` accepts errors of other copies of this package.
 */
export class ConfigError extends SpearError {
	static {
		shareAcrossCopies(ConfigError, "ConfigError");
	}

	override readonly name: string = "ConfigError";
	/** Origin of the configuration: the path of a file, or a name for a value. */
	readonly source: string;
	/** Every fault, in the order of the configuration. */
	readonly faults: readonly ConfigFault[];

	/**
	 * @param options `complete`: false if there may be more faults than these. The default is true. `cause`: the failure behind a fault. The
	 * default is none.
	 */
	constructor(
		source: string,
		faults: readonly ConfigFault[],
		{
			code = "invalid_request",
			complete = true,
			cause,
		}: { readonly code?: "invalid_request" | "backend_not_enabled"; readonly complete?: boolean; readonly cause?: unknown } = {},
	) {
		const more = faults.length - MAX_NAMED;
		const least = complete ? "" : "at least ";
		super(
			code,
			[
				`${source}: ${faults.length === 1 ? "a fault" : `${least}${faults.length} faults`} in the configuration`,
				...faults.slice(0, MAX_NAMED).map((fault) => `  ${faultLine(fault)}`),
				...(more > 0 ? [`  and ${least}${more} more`] : []),
			].join("\n"),
			{ cause },
		);
		this.source = source;
		this.faults = faults;
	}
}

/** Returns a fault in one line: `spear.toml:3:1: host.timeout_ms: must be >= 1`. */
export function faultLine({ file, line, column, path, message }: ConfigFault): string {
	const place = file === undefined ? "" : `${[file, line, column].filter((part) => part !== undefined).join(":")}: `;
	return `${place}${path === "" ? "" : `${path}: `}${message}`;
}
