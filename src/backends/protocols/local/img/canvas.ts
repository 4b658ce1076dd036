import type { Pixels } from "./png.ts";

/** Red, green and blue, from 0 to 255. */
export type Color = readonly [number, number, number];

/** Point of a picture. The unit is the height of the picture, the origin its upper left corner. */
export type Point = readonly [x: number, y: number];

/** Area of a picture. */
export interface Shape {
	/** Returns the distance of a point to the edge: negative inside. */
	readonly distance: (x: number, y: number) => number;
	/** Corners of a rectangle that holds the area. */
	readonly from: Point;
	readonly to: Point;
}

export interface FillOptions {
	/** From 0 to 1. The default is 1. */
	readonly opacity?: number;
	/** Width of the edge. The default is one pixel. */
	readonly softness?: number;
}

/** A picture in the making. Shapes are painted one over the other, with smooth edges. */
export class Canvas implements Pixels {
	readonly rgb: Uint8Array;
	readonly width: number;
	readonly height: number;

	constructor(width: number, height: number) {
		this.width = width;
		this.height = height;
		this.rgb = new Uint8Array(width * height * 3);
	}

	/** Width of the picture. The height is 1. */
	get aspect(): number {
		return this.width / this.height;
	}

	/** Paints a shape in one colour, or in the colour of each point. */
	fill({ distance, from, to }: Shape, paint: Color | ((x: number, y: number) => Color), options: FillOptions = {}): void {
		const { opacity = 1, softness = 1 / this.height } = options;
		const first = (side: number): number => Math.max(0, Math.floor((side - softness) * this.height));
		const last = (side: number, length: number): number => Math.min(length, Math.ceil((side + softness) * this.height));
		for (let row = first(from[1]); row < last(to[1], this.height); row++) {
			const y = (row + 0.5) / this.height;
			for (let column = first(from[0]); column < last(to[0], this.width); column++) {
				const x = (column + 0.5) / this.height;
				const cover = opacity * Math.min(1, Math.max(0, 0.5 - distance(x, y) / softness));
				if (cover > 0) this.#blend(3 * (row * this.width + column), typeof paint === "function" ? paint(x, y) : paint, cover);
			}
		}
	}

	#blend(at: number, [r, g, b]: Color, cover: number): void {
		const { rgb } = this;
		rgb[at] = (rgb[at] ?? 0) * (1 - cover) + r * cover;
		rgb[at + 1] = (rgb[at + 1] ?? 0) * (1 - cover) + g * cover;
		rgb[at + 2] = (rgb[at + 2] ?? 0) * (1 - cover) + b * cover;
	}
}

/** Returns the colour between two, at 0 the first and at 1 the second. */
export function mix([r, g, b]: Color, [red, green, blue]: Color, part: number): Color {
	const share = Math.min(1, Math.max(0, part));
	return [r + (red - r) * share, g + (green - g) * share, b + (blue - b) * share];
}

export function circle([cx, cy]: Point, radius: number): Shape {
	const distance = (x: number, y: number): number => Math.hypot(x - cx, y - cy) - radius;
	return { distance, from: [cx - radius, cy - radius], to: [cx + radius, cy + radius] };
}

export function box(from: Point, to: Point): Shape {
	return { distance: (x, y) => Math.max(from[0] - x, x - to[0], from[1] - y, y - to[1]), from, to };
}

/** Returns a line with round ends. */
export function line([ax, ay]: Point, [bx, by]: Point, width: number): Shape {
	const [dx, dy, half] = [bx - ax, by - ay, width / 2];
	const square = dx * dx + dy * dy;
	const distance = (x: number, y: number): number => {
		const along = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / square));
		return Math.hypot(x - ax - along * dx, y - ay - along * dy) - half;
	};
	return { distance, from: [Math.min(ax, bx) - half, Math.min(ay, by) - half], to: [Math.max(ax, bx) + half, Math.max(ay, by) + half] };
}

/** Returns a convex polygon, from corners in the order of the clock. */
export function polygon(...corners: readonly Point[]): Shape {
	const sides = corners.map(([ax, ay], index) => {
		const [bx, by] = corners[(index + 1) % corners.length] ?? [ax, ay];
		const length = Math.hypot(bx - ax, by - ay);
		return { ax, ay, nx: (by - ay) / length, ny: (ax - bx) / length };
	});
	const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
	return {
		distance: (x, y) => sides.reduce((most, { ax, ay, nx, ny }) => Math.max(most, (x - ax) * nx + (y - ay) * ny), -1),
		from: [Math.min(...xs), Math.min(...ys)],
		to: [Math.max(...xs), Math.max(...ys)],
	};
}
