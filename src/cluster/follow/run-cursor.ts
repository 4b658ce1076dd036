/**
 * Place of a reader in the steps of a run, e.g. `1280-7.1.12.x3kPq_0Z`. The parts are the position in the store, the attempt, the number of the step
 * within its execution, and the name of the execution. By the last two, a reader on any host leaves out steps that a worker has stored twice.
 */
export interface RunCursor {
	/** Position in the store. Empty for the beginning. */
	readonly position: string;
	/** 0 for the beginning. */
	readonly attempt: number;
	readonly number: number;
	/** Empty for the beginning. */
	readonly execution: string;
}

export const BEGINNING: RunCursor = { position: "", attempt: 0, number: 0, execution: "" };

const FORM = /^(\d{1,15}-\d{1,15})\.(\d{1,9})\.(\d{1,15})\.([\w-]{8})$/;

/** Returns the cursor of a text; that of the beginning for "". `undefined` for a text that is none. */
export function parseCursor(text: string): RunCursor | undefined {
	if (text === "") return BEGINNING;
	const [, position, attempt, number, execution] = FORM.exec(text) ?? [];
	if (position === undefined || execution === undefined) return undefined;
	return { position, attempt: Number(attempt), number: Number(number), execution };
}

export function formatCursor({ position, attempt, number, execution }: RunCursor): string {
	return execution === "" ? "" : `${position}.${attempt}.${number}.${execution}`;
}
