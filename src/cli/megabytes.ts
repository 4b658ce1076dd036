/** Returns a number of bytes in megabytes of a million bytes, as registries and disks count them. */
export function megabytes(bytes: number): string {
	return `${(bytes / 1e6).toFixed(bytes < 10e6 ? 1 : 0)} MB`;
}
