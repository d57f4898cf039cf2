/// A published threshold between one person and two, with where it comes from.
struct ThresholdPreset: Sendable {
  enum Metric: String, Sendable, CaseIterable { case cosine, euclidean, squared }

  let name: String
  let metric: Metric
  /// The least cosine, or the greatest distance of unit vectors.
  let value: Double
  let source: String

  static let all: [ThresholdPreset] = [
    .init("insightface", .cosine, 0.40, "InsightFace's own tool, same person"),
    .init("insightface_album", .cosine, 0.48, "InsightFace's own tool, clustering of albums"),
    .init("insightface_l2", .squared, 1.24, "deepinsight/insightface#23, LFW 10-fold"),
    .init("tutorial", .cosine, 0.60, "the InsightFace tutorial"),
    .init("sface", .cosine, 0.363, "OpenCV FaceRecognizerSF, LFW 99.60 %"),
    .init("sface_l2", .euclidean, 1.128, "OpenCV FaceRecognizerSF, LFW 99.60 %"),
    .init("sface_calfw", .cosine, 0.340, "OpenCV FaceRecognizerSF, CALFW 93.95 %"),
    .init("sface_cplfw", .cosine, 0.275, "OpenCV FaceRecognizerSF, CPLFW 91.05 %"),
    .init("sface_agedb", .cosine, 0.277, "OpenCV FaceRecognizerSF, AgeDB-30 94.90 %"),
    .init("sface_cfp", .cosine, 0.212, "OpenCV FaceRecognizerSF, CFP-FP 94.80 %"),
    .init("dlib", .euclidean, 0.6, "face_recognition, LFW 99.38 %"),
    .init("happy_house", .euclidean, 0.7, "deeplearning.ai, Face Recognition for the Happy House"),
    .init("deepface_arcface", .cosine, 0.32, "deepface, ArcFace (cosine distance 0.68)"),
    .init("deepface_facenet", .cosine, 0.60, "deepface, Facenet (cosine distance 0.40)"),
    .init("deepface_facenet512", .cosine, 0.70, "deepface, Facenet512 (cosine distance 0.30)"),
    .init("deepface_sface", .cosine, 0.407, "deepface, SFace (cosine distance 0.593)"),
    .init("deepface_openface", .cosine, 0.90, "deepface, OpenFace (cosine distance 0.10)"),
    .init("deepface_vgg", .cosine, 0.32, "deepface, VGG-Face (cosine distance 0.68)"),
    .init("deepface_buffalo", .cosine, 0.45, "deepface, Buffalo_L (cosine distance 0.55)"),
    .init("weft_mini", .cosine, 0.256, "face-encoder-mini, right for 85 % of 150 LFW pairs; sface is far better"),
  ]

  private init(_ name: String, _ metric: Metric, _ value: Double, _ source: String) {
    (self.name, self.metric, self.value, self.source) = (name, metric, value, source)
  }

  static func named(_ name: String) -> ThresholdPreset? { all.first { $0.name == name } }
}
