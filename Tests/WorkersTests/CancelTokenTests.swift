import Testing
import Workers

@Suite struct CancelTokenTests {
  @Test func aRaisedFlagStays() {
    let token = CancelToken()
    #expect(!token.isCancelled)
    token.cancel()
    token.cancel()
    #expect(token.isCancelled)
  }
}
