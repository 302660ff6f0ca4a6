/** How much memory ImageMagick takes before it reads anything, in bytes. */
export const magickAlone = 2 ** 24;
