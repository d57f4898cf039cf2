/// The mean face: 68 points (iBUG 300-W) in three dimensions; x points right, y down, z into the picture, and the outer
/// corners of the eyes are 2 apart. Structure from motion (Tomasi and Kanade 1992) on the annotated faces of dlib's
/// examples, made symmetric; Tools/reference/mean-face.py makes it.
enum MeanFace {
  static let points: [SIMD3<Double>] = [
    SIMD3(-1.7087, -0.7709, 1.3447), SIMD3(-1.6903, -0.3348, 1.2646), SIMD3(-1.6485, 0.0909, 1.1971),
    SIMD3(-1.5629, 0.5141, 1.1057), SIMD3(-1.3892, 0.9052, 0.9672), SIMD3(-1.1130, 1.2377, 0.6997),
    SIMD3(-0.7808, 1.5229, 0.3617), SIMD3(-0.4105, 1.7541, 0.0898), SIMD3(0.0000, 1.8184, -0.0320),
    SIMD3(0.4105, 1.7541, 0.0898), SIMD3(0.7808, 1.5229, 0.3617), SIMD3(1.1130, 1.2377, 0.6997),
    SIMD3(1.3892, 0.9052, 0.9672), SIMD3(1.5629, 0.5141, 1.1057), SIMD3(1.6485, 0.0909, 1.1971),
    SIMD3(1.6903, -0.3348, 1.2646), SIMD3(1.7087, -0.7709, 1.3447), SIMD3(-1.3451, -1.1577, 0.3023),
    SIMD3(-1.1538, -1.3465, 0.0418), SIMD3(-0.8780, -1.4208, -0.1606), SIMD3(-0.5835, -1.3975, -0.3234),
    SIMD3(-0.3027, -1.2913, -0.4895), SIMD3(0.3027, -1.2913, -0.4895), SIMD3(0.5835, -1.3975, -0.3234),
    SIMD3(0.8780, -1.4208, -0.1606), SIMD3(1.1538, -1.3465, 0.0418), SIMD3(1.3451, -1.1577, 0.3023),
    SIMD3(0.0000, -0.9273, -0.5481), SIMD3(0.0000, -0.6608, -0.6855), SIMD3(0.0000, -0.3969, -0.8787),
    SIMD3(0.0000, -0.1165, -1.0179), SIMD3(-0.3393, 0.0676, -0.5551), SIMD3(-0.1763, 0.1314, -0.6403),
    SIMD3(0.0000, 0.1845, -0.6817), SIMD3(0.1763, 0.1314, -0.6403), SIMD3(0.3393, 0.0676, -0.5551),
    SIMD3(-1.0000, -0.8506, 0.0345), SIMD3(-0.8221, -0.9401, -0.0671), SIMD3(-0.6209, -0.9425, -0.0974),
    SIMD3(-0.4443, -0.8377, -0.0716), SIMD3(-0.6275, -0.8071, -0.0863), SIMD3(-0.8294, -0.8067, -0.0314),
    SIMD3(0.4443, -0.8377, -0.0716), SIMD3(0.6209, -0.9425, -0.0974), SIMD3(0.8221, -0.9401, -0.0671),
    SIMD3(1.0000, -0.8506, 0.0345), SIMD3(0.8294, -0.8067, -0.0314), SIMD3(0.6275, -0.8071, -0.0863),
    SIMD3(-0.7012, 0.6006, 0.0782), SIMD3(-0.4587, 0.4756, -0.2952), SIMD3(-0.1878, 0.4383, -0.4958),
    SIMD3(0.0000, 0.4656, -0.5128), SIMD3(0.1878, 0.4383, -0.4958), SIMD3(0.4587, 0.4756, -0.2952),
    SIMD3(0.7012, 0.6006, 0.0782), SIMD3(0.4743, 0.8726, -0.1806), SIMD3(0.2051, 0.9765, -0.3642),
    SIMD3(0.0000, 0.9929, -0.3986), SIMD3(-0.2051, 0.9765, -0.3642), SIMD3(-0.4743, 0.8726, -0.1806),
    SIMD3(-0.6022, 0.6146, 0.0313), SIMD3(-0.1902, 0.5493, -0.4574), SIMD3(0.0000, 0.5696, -0.4733),
    SIMD3(0.1902, 0.5493, -0.4574), SIMD3(0.6022, 0.6146, 0.0313), SIMD3(0.1994, 0.7838, -0.3858),
    SIMD3(0.0000, 0.8085, -0.4050), SIMD3(-0.1994, 0.7838, -0.3858),
  ]

  /// The columns of the inverse of the sum of p pᵀ over the points, whose mean is 0.
  static let inverse: (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>) = {
    var columns = (SIMD3<Double>(), SIMD3<Double>(), SIMD3<Double>())
    for point in points {
      columns.0 += point * point.x
      columns.1 += point * point.y
      columns.2 += point * point.z
    }
    func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
      SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
    }
    // The matrix is symmetric, so is its inverse: its columns are the cross products over the determinant.
    let first = cross(columns.1, columns.2)
    let determinant = (columns.0 * first).sum()
    return (
      first / determinant, cross(columns.2, columns.0) / determinant, cross(columns.0, columns.1) / determinant
    )
  }()
}
