/** How much memory ImageMagick takes before it reads anything, its code included, in bytes. */
export const magickAlone = 56_000_000;
