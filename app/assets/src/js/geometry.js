// Which polygon of a GeoJSON collection holds a point. Coordinates are [longitude, latitude].

function isInRing([x, y], ring) {
  let isInside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    const [xi, yi] = ring[i];
    const [xj, yj] = ring[j];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) isInside = !isInside;
  }
  return isInside;
}

function isInPolygon(point, [outer, ...holes]) {
  return isInRing(point, outer) && !holes.some((hole) => isInRing(point, hole));
}

/** Return the first feature that holds `point`, or undefined. */
export function featureAt(point, collection) {
  return collection.features.find(({ geometry }) => {
    const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
    return polygons.some((polygon) => isInPolygon(point, polygon));
  });
}
