import type * as img from "../../../../generated/ir/img.ts";
import type * as types from "../../../../generated/ir/types.ts";

/** Images that an upstream delivered. */
export interface DeliveredImages {
	readonly images: readonly img.Image[];
	/** Errors of the items that held no image. */
	readonly missing: readonly Error[];
	/** Number of items in the answer. */
	readonly answered: number;
}

/** Returns the differences between a request and the images that the upstream delivered. */
export function imageDowngrades({ n = 1, format, size }: img.Request, { images, missing, answered }: DeliveredImages): types.Downgrade[] {
	const downgrades: types.Downgrade[] = [];
	const declare = (field: string, detail: string) => downgrades.push({ field, effect: "changed", detail });
	if (images.length !== n) declare("n", `${numberOf(images.length)} instead of ${n}`);
	for (const error of missing) declare("n", `an image is missing: ${error.message}`);
	const omitted = answered - images.length - missing.length;
	if (omitted > 0) declare("n", `${numberOf(omitted)} more of the backend's answer ${omitted === 1 ? "is" : "are"} omitted`);
	for (const [index, image] of images.entries()) {
		const name = `image ${index + 1}`;
		if (format !== undefined && image.mime_type !== `image/${format}`)
			declare("format", `${name} is ${image.mime_type} instead of image/${format}`);
		if (size !== undefined && image.size !== undefined && !isSize(image.size, size))
			declare("size", `${name} has ${sizeText(image.size)} pixels instead of ${sizeText(size)}`);
	}
	return downgrades;
}

function numberOf(images: number): string {
	return images === 1 ? "1 image" : `${images} images`;
}

function isSize(a: img.Size, b: img.Size): boolean {
	return a.width === b.width && a.height === b.height;
}

function sizeText({ width, height }: img.Size): string {
	return `${width}x${height}`;
}
