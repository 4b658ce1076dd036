/**
 * A failure that is neither a fault of the WIT nor of codegen: a directory that cannot be read, a lock that is held, a
 * full disk. Shown as its message alone, without a stack.
 */
export class CodegenFailure extends Error {
	override readonly name = "CodegenFailure";
	/** Process exit code: 1; 2 when the command line itself is at fault; 130 when the run was interrupted. */
	readonly exitCode: 1 | 2 | 130;

	constructor(message: string, options: { readonly cause?: unknown; readonly exitCode?: 1 | 2 | 130 } = {}) {
		super(message, options.cause === undefined ? {} : { cause: options.cause });
		this.exitCode = options.exitCode ?? 1;
	}
}

/** Returns a failure for an error of the operating system, such as a full disk, and any other error as it is. */
export function withoutStack(cause: unknown): unknown {
	return cause instanceof Error && "syscall" in cause ? new CodegenFailure(cause.message, { cause }) : cause;
}
