/**
 * All changes of the writer to the disk, about one method a system call. A test replaces it to see the state that is left behind when
 * a run dies at any of them.
 */
import * as fs from "node:fs";
import * as path from "node:path";

export class Disk {
	/** Creates a directory and its parents; fine when it is there. */
	makeDirectory(directory: string): void {
		// Not by Node's `recursive`: it calls a read-only file system a missing file, and never ends where a system has files of its own only.
		if (statOf(path.dirname(directory)) === undefined) this.makeDirectory(path.dirname(directory));
		try {
			fs.mkdirSync(directory);
		} catch (cause) {
			if (!isErrno(cause, "EEXIST") || !fs.statSync(directory).isDirectory()) throw cause;
		}
	}

	/** Writes a file that no other process reads yet, and waits until it has reached the medium. */
	write(file: string, content: Uint8Array): void {
		const handle = fs.openSync(file, "w");
		try {
			fs.writeFileSync(handle, content);
			fs.fdatasyncSync(handle);
		} finally {
			fs.closeSync(handle);
		}
	}

	/** Creates an empty file, which must not be there yet. */
	touch(file: string): void {
		fs.writeFileSync(file, "", { flag: "wx" });
	}

	/** Moves a file in one step, over another one if need be. */
	rename(from: string, to: string): void {
		fs.renameSync(from, to);
	}

	/** Removes a file; fine when it is gone. */
	remove(file: string): void {
		fs.rmSync(file, { force: true });
	}

	/** Removes a directory with all it holds; fine when it is gone. */
	removeTree(directory: string): void {
		fs.rmSync(directory, { recursive: true, force: true });
	}

	/** Removes a directory if it is there and empty; tells whether it is gone. */
	removeIfEmpty(directory: string): boolean {
		try {
			fs.rmdirSync(directory);
			return true;
		} catch (cause) {
			if (isErrno(cause, "ENOENT")) return true;
			if (isErrno(cause, "ENOTEMPTY", "EEXIST", "ENOTDIR", "EBUSY")) return false;
			throw cause;
		}
	}

	/** Waits until renames in this directory have reached the medium, where the platform can. */
	syncDirectory(directory: string): void {
		if (process.platform === "win32") return;
		const handle = fs.openSync(directory, "r");
		try {
			fs.fsyncSync(handle);
		} finally {
			fs.closeSync(handle);
		}
	}
}

/** True if a thrown value is an error of the operating system with one of these codes, e.g. `ENOENT`. */
export function isErrno(cause: unknown, ...codes: readonly string[]): cause is NodeJS.ErrnoException {
	return cause instanceof Error && "code" in cause && typeof cause.code === "string" && codes.includes(cause.code);
}

/** The state of a path, without following a symbolic link. */
export function statOf(file: string): fs.Stats | undefined {
	try {
		return fs.lstatSync(file);
	} catch (cause) {
		if (isErrno(cause, "ENOENT", "ENOTDIR")) return undefined;
		throw cause;
	}
}

/** The text of a regular file of at most `limit` bytes. Never waits for a pipe, and never reads a device without end. */
export function readBounded(file: string, limit: number): string {
	// Opening a pipe would wait for its writer.
	const handle = fs.openSync(file, fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0));
	try {
		const stat = fs.fstatSync(handle);
		if (stat.isDirectory()) throw failureOf("EISDIR", `${file} is a directory`);
		if (!stat.isFile()) throw failureOf("EINVAL", `${file} is not a regular file`);
		if (stat.size > limit) throw failureOf("EFBIG", `${file} has ${stat.size} bytes, more than ${limit}`);
		return fs.readFileSync(handle, "utf8");
	} finally {
		fs.closeSync(handle);
	}
}

function failureOf(code: string, message: string): Error {
	return Object.assign(new Error(message), { code });
}

/** A path below a root as the manifest writes it: `/` on every platform. */
export function below(root: string, relative: string): string {
	return path.join(root, ...relative.split("/"));
}
