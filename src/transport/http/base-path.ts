/** Returns the path of a base URL without the slashes at its end, so that another path can follow. */
export function basePath({ pathname }: URL): string {
	let end = pathname.length;
	while (pathname[end - 1] === "/") end -= 1;
	return pathname.slice(0, end);
}
