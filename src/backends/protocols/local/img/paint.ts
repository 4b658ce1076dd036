import { box, Canvas, type Color, circle, line, mix, type Point, polygon } from "./canvas.ts";
import { type Random, randomOf } from "./random.ts";
import { type Light, type Scene, sceneOf, type Thing } from "./scene.ts";

/** Colours at the top and at the horizon of each sky. */
const SKIES: Readonly<Record<Light, readonly [Color, Color]>> = {
	day: [
		[84, 156, 222],
		[214, 236, 246],
	],
	sunset: [
		[70, 62, 120],
		[250, 168, 104],
	],
	night: [
		[10, 16, 44],
		[44, 60, 110],
	],
	grey: [
		[112, 124, 138],
		[190, 198, 204],
	],
};

/** Colour that each light adds to everything below the sky, and how much of it. */
const TINTS: Readonly<Record<Light, readonly [Color, number]>> = {
	day: [[255, 250, 230], 0.04],
	sunset: [[110, 50, 70], 0.3],
	night: [[10, 16, 44], 0.62],
	grey: [[110, 118, 128], 0.3],
};

const WHITE: Color = [250, 250, 248];
const BLACK: Color = [0, 0, 0];

/** Place of the horizon, from the top. */
const HORIZON = 0.6;

/** Picture to paint. */
export interface PaintTask {
	readonly prompt: string;
	/** Number that chooses among the pictures of a prompt. */
	readonly seed: number;
	/** Width in pixels. */
	readonly width: number;
	/** Height in pixels. */
	readonly height: number;
}

/** Paints the things that a prompt names. A prompt without any is a play of colours. Yields after each layer, and returns the picture. */
export function* paint({ prompt, seed, width, height }: PaintTask): Generator<void, Canvas, void> {
	const canvas = new Canvas(width, height);
	const scene = sceneOf(prompt);
	const random = randomOf(`${seed}/${prompt}`);
	const painter = new Painter(canvas, scene, random);
	if (scene.words.length === 0) painter.playOfColors();
	else
		for (const layer of painter.layers()) {
			layer();
			yield;
		}
	return canvas;
}

class Painter {
	readonly #canvas: Canvas;
	readonly #scene: Scene;
	readonly #random: Random;
	/** Height of the ground at each place, for things that stand on it. */
	#ground: (x: number) => number = () => 0.86;
	/** Places of things that nothing may hide. */
	readonly #taken: number[] = [];

	constructor(canvas: Canvas, scene: Scene, random: Random) {
		this.#canvas = canvas;
		this.#scene = scene;
		this.#random = random;
	}

	/** Returns the layers from the back to the front: things that the prompt names, and others that the picture needs. */
	layers(): (() => void)[] {
		const { light, things } = this.#scene;
		const has = (...names: readonly Thing[]): boolean => names.some((name) => things.has(name));
		const layer = (name: Thing, usual: Color, draw: (color: Color) => void, isNeeded = false): (() => void)[] =>
			has(name) || isNeeded ? [() => draw(things.get(name) ?? usual)] : [];
		const snowy = has("snow");
		return [
			() => this.#fillAll(([, y]) => mix(...SKIES[light], y / HORIZON)),
			...layer("stars", WHITE, (color) => this.#dots(color, 140, 0.003, HORIZON), light === "night"),
			...layer("sun", [255, 226, 120], (color) => this.#sun(color)),
			...layer("moon", [244, 240, 220], (color) => this.#moon(color), light === "night" && !has("stars")),
			...layer(
				"clouds",
				light === "grey" ? [150, 156, 164] : WHITE,
				(color) => this.#clouds(color),
				light === "grey" || (light === "day" && !has("sun")),
			),
			...layer("sea", [44, 118, 168], (color) => this.#sea(color)),
			...layer(
				"hills",
				snowy ? [232, 238, 244] : [92, 160, 82],
				(color) => this.#hills(color, has("sea") ? 0.8 : HORIZON + 0.02),
				!has("sea") || has("trees", "house"),
			),
			...layer("boat", [176, 62, 52], (color) => this.#boat(color)),
			...layer("house", [236, 220, 190], (color) => this.#house(color)),
			...layer("trees", [52, 118, 62], (color) => this.#trees(color)),
			...layer("birds", [50, 52, 62], (color) => this.#birds(color)),
			...layer("kite", [214, 48, 49], (color) => this.#kite(color)),
			...layer("rain", [214, 226, 236], (color) => this.#rain(color)),
			...layer("snow", WHITE, (color) => this.#dots(color, 240, 0.006, 1)),
		];
	}

	playOfColors(): void {
		const any = (): Color => [this.#between(60, 240), this.#between(60, 220), this.#between(90, 240)];
		const [from, to] = [any(), any()];
		this.#fillAll(([, y]) => mix(from, to, y));
		for (let index = 0; index < 14; index++)
			this.#canvas.fill(circle([this.#across(0, 1), this.#random()], this.#between(0.08, 0.3)), any(), { opacity: 0.45 });
	}

	#between(from: number, to: number): number {
		return from + (to - from) * this.#random();
	}

	/** Returns a place between two parts of the width. */
	#across(from: number, to: number): number {
		return this.#canvas.aspect * this.#between(from, to);
	}

	/** Returns a colour in the light of the scene. */
	#lit(color: Color): Color {
		return mix(color, ...TINTS[this.#scene.light]);
	}

	#fillAll(paint: (point: Point) => Color, top = 0): void {
		this.#canvas.fill(box([0, top], [this.#canvas.aspect, 1]), (x, y) => paint([x, y]));
	}

	#dots(color: Color, count: number, size: number, bottom: number): void {
		for (let index = 0; index < count; index++)
			this.#canvas.fill(circle([this.#across(0, 1), this.#between(0, bottom)], this.#between(size / 4, size)), color, {
				opacity: this.#between(0.5, 1),
				softness: 0.003,
			});
	}

	#shine(at: Point, radius: number, color: Color, glow: number): void {
		for (let ring = 6; ring > 0; ring--)
			this.#canvas.fill(circle(at, radius + (glow * ring) / 6), color, { opacity: 0.05, softness: glow / 3 });
		this.#canvas.fill(circle(at, radius), color);
	}

	#sun(color: Color): void {
		const isLow = this.#scene.light === "sunset";
		this.#shine(
			[this.#across(0.2, 0.8), isLow ? HORIZON - 0.06 : this.#between(0.16, 0.26)],
			0.085,
			isLow ? mix(color, [255, 120, 70], 0.5) : color,
			0.2,
		);
	}

	#moon(color: Color): void {
		const [x, y] = [this.#across(0.2, 0.8), this.#between(0.16, 0.28)];
		this.#shine([x, y], 0.07, color, 0.15);
		const craters: readonly (readonly [number, number, number])[] = [
			[-0.02, -0.015, 0.016],
			[0.025, 0.01, 0.012],
			[-0.005, 0.03, 0.01],
		];
		for (const [dx, dy, radius] of craters) this.#canvas.fill(circle([x + dx, y + dy], radius), mix(color, [120, 120, 120], 0.25));
	}

	#clouds(color: Color): void {
		const count = this.#scene.light === "grey" ? 7 : 4;
		for (let index = 0; index < count; index++) {
			const [x, y, size] = [
				(this.#canvas.aspect * (index + this.#between(0.1, 0.9))) / count,
				this.#between(0.08, 0.3),
				this.#between(0.05, 0.085),
			];
			const puffs: readonly (readonly [number, number])[] = [
				[-1.3, 0.7],
				[-0.5, 1],
				[0.5, 0.85],
				[1.3, 0.6],
			];
			for (const [dx, radius] of puffs) {
				const puff = circle([x + dx * size, y - radius * size * 0.3], radius * size);
				const flat = (a: number, b: number): number => Math.max(puff.distance(a, b), b - y - size * 0.25);
				this.#canvas.fill({ ...puff, distance: flat }, this.#lit(color), { opacity: 0.9, softness: 0.012 });
			}
		}
	}

	#sea(color: Color): void {
		const [far, near] = [mix(color, SKIES[this.#scene.light][1], 0.45), mix(color, [8, 24, 52], 0.35)];
		this.#fillAll(([, y]) => this.#lit(mix(far, near, (y - HORIZON) / 0.4)), HORIZON);
		for (let index = 0; index < 70; index++) {
			const [x, y] = [this.#across(0, 1), HORIZON + 0.008 + 0.39 * this.#random() ** 1.4];
			this.#canvas.fill(line([x, y], [x + (y - HORIZON) * 0.22 + 0.015, y], 0.003), WHITE, { opacity: 0.28, softness: 0.004 });
		}
		this.#ground = () => 0.92;
	}

	/** Paints three rounded ridges, the nearest last and darkest. */
	#hills(color: Color, top: number): void {
		for (let row = 0; row < 3; row++) {
			const [phase, slope, level] = [this.#between(0, 6.3), this.#between(2.2, 3.6), top + 0.04 + (row * (0.94 - top)) / 3];
			const ridge = (x: number): number => level - 0.042 * Math.sin(x * slope + phase) - 0.021 * Math.sin(x * slope * 2.3 + phase * 2);
			const shade = this.#lit(mix(color, [26, 60, 60], row * 0.14));
			const ground = {
				distance: (x: number, y: number) => ridge(x) - y,
				from: [0, top - 0.07] as const,
				to: [this.#canvas.aspect, 1] as const,
			};
			this.#canvas.fill(ground, (_, y) => mix(mix(shade, WHITE, 0.1), mix(shade, BLACK, 0.16), (y - level) / 0.3));
			if (row === 1) this.#ground = ridge;
		}
	}

	#boat(color: Color): void {
		const [x, y] = [this.#across(0.3, 0.7), HORIZON + 0.13];
		const at = (dx: number, dy: number): Point => [x + dx, y + dy];
		this.#canvas.fill(line(at(0, -0.27), at(0, 0), 0.006), this.#lit([90, 64, 44]));
		this.#canvas.fill(polygon(at(0.012, -0.26), at(0.13, -0.05), at(0.012, -0.05)), this.#lit(WHITE));
		this.#canvas.fill(polygon(at(-0.012, -0.22), at(-0.012, -0.05), at(-0.1, -0.05)), this.#lit([236, 232, 222]));
		this.#canvas.fill(polygon(at(-0.14, -0.03), at(0.16, -0.03), at(0.1, 0.04), at(-0.1, 0.04)), this.#lit(color));
	}

	#house(color: Color): void {
		const x = this.#across(0.25, 0.6);
		const y = this.#ground(x) + 0.03;
		const at = (dx: number, dy: number): Point => [x + dx, y + dy];
		this.#taken.push(x);
		this.#canvas.fill(box(at(-0.11, -0.14), at(0.11, 0)), this.#lit(color));
		this.#canvas.fill(polygon(at(0, -0.25), at(0.14, -0.13), at(-0.14, -0.13)), this.#lit([156, 66, 50]));
		const glass: Color = this.#scene.light === "day" ? [150, 196, 222] : [255, 218, 120];
		for (const dx of [-0.065, 0.065]) this.#canvas.fill(box(at(dx - 0.02, -0.11), at(dx + 0.02, -0.065)), glass);
		this.#canvas.fill(box(at(-0.02, -0.075), at(0.02, 0)), this.#lit([96, 62, 40]));
	}

	#trees(color: Color): void {
		const count = this.#scene.words.some((word) => word === "forest" || word === "wood") ? 16 : 5;
		for (let index = 0; index < count; index++) {
			const x = (this.#canvas.aspect * (index + this.#between(0.15, 0.85))) / count;
			if (this.#taken.some((place) => Math.abs(place - x) < 0.22)) continue;
			const [y, size] = [this.#ground(x) + this.#between(0, 0.05), this.#between(0.07, 0.1)];
			this.#canvas.fill(box([x - size * 0.12, y - size], [x + size * 0.12, y]), this.#lit([104, 72, 48]));
			const shade = mix(color, [200, 210, 110], this.#between(0, 0.25));
			const crowns: readonly (readonly [number, number, number])[] = [
				[-0.5, -1.3, 0.62],
				[0.5, -1.3, 0.62],
				[0, -1.75, 0.72],
			];
			for (const [dx, dy, radius] of crowns) {
				const top = y + (dy - radius) * size;
				this.#canvas.fill(circle([x + dx * size, y + dy * size], radius * size), (_, b) =>
					this.#lit(mix(mix(shade, WHITE, 0.14), shade, (b - top) / size)),
				);
			}
		}
	}

	#birds(color: Color): void {
		for (let index = 0; index < 6; index++) {
			const [x, y, size] = [this.#across(0.1, 0.9), this.#between(0.12, 0.42), this.#between(0.018, 0.032)];
			for (const wing of [-size, size]) this.#canvas.fill(line([x, y], [x + wing, y - size * 0.55], 0.005), color);
		}
	}

	#kite(color: Color): void {
		const [x, y, size] = [this.#across(0.3, 0.7), this.#between(0.2, 0.32), 0.09];
		const hand: Point = [x - this.#across(0.15, 0.25), 0.9];
		const cord = (part: number): Point => [x + (hand[0] - x) * part, y + (hand[1] - y) * part + 0.12 * Math.sin(Math.PI * part)];
		for (let step = 0; step < 24; step++)
			this.#canvas.fill(line(cord(step / 24), cord((step + 1) / 24), 0.0025), [70, 70, 76], { opacity: 0.8 });
		const at = (dx: number, dy: number): Point => [x + dx * size, y + dy * size];
		this.#canvas.fill(polygon(at(0.3, -1.1), at(0.85, 0.1), at(-0.35, 1.3)), color);
		this.#canvas.fill(polygon(at(0.3, -1.1), at(-0.35, 1.3), at(-0.75, -0.35)), mix(color, WHITE, 0.28));
		for (let knot = 1; knot <= 4; knot++) {
			const [kx, ky] = at(-0.35 + 0.22 * Math.sin(knot * 2) - knot * 0.09, 1.3 + knot * 0.36);
			this.#canvas.fill(
				polygon([kx - 0.014, ky - 0.008], [kx + 0.014, ky + 0.008], [kx - 0.014, ky + 0.008]),
				knot % 2 === 0 ? color : [250, 214, 80],
			);
		}
	}

	#rain(color: Color): void {
		for (let index = 0; index < 260; index++) {
			const [x, y, length] = [this.#across(0, 1), this.#random(), this.#between(0.03, 0.06)];
			this.#canvas.fill(line([x, y], [x - length * 0.25, y + length], 0.002), color, { opacity: 0.5, softness: 0.003 });
		}
	}
}
